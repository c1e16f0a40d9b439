import { falsePositiveBound } from '../calibrate/false-positive-bound.ts';
import { binomialBound } from '../calibrate/binomial-bound.ts';
import { checkNoNaN, type ScoreArray } from './check-input.ts';

/** What was promised and what came for one false positive rate. */
export interface CalibrationPoint {
  /** The promised false positive rate. */
  readonly promised: number;
  /** Normal rows with a p-value of at most the promised rate. */
  readonly flagged: number;
  /** Their share of the rows. */
  readonly observed: number;
  /** The share that is not exceeded with the given confidence if the promise holds. */
  readonly bound: number;
  /** `observed <= bound`: the promise is not refuted. */
  readonly holds: boolean;
}

export interface CalibrationCurveOptions {
  /** Probability that an honest calibration stays below the bound, for each rate. Default 0.99. */
  readonly confidence?: number;
  /**
   * Number of calibration rows, if the p-values are split-conformal: the bound then also allows for
   * the luck of the calibration rows (beta-binomial). Without it the bound is binomial.
   */
  readonly calibrationRows?: number;
}

/** The rates that reports show. */
const usualRates = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/**
 * Promised against observed false positive rates, from p-values of *normal* rows that were used for
 * neither training nor calibration. Rates that so few calibration rows cannot promise are left out.
 * `null` without rows. Throws `metric/invalid-input` for NaN.
 */
export function calibrationCurve(
  pValues: ScoreArray,
  rates: readonly number[] = usualRates,
  { confidence = 0.99, calibrationRows }: CalibrationCurveOptions = {},
): CalibrationPoint[] | null {
  checkNoNaN(pValues, 'p-value');
  const rows = pValues.length;
  if (rows === 0) return null;
  return rates
    .filter((rate) => calibrationRows === undefined || 1 / (calibrationRows + 1) <= rate)
    .map((promised) => {
      let flagged = 0;
      for (const pValue of pValues) if (pValue <= promised) flagged++;
      const most =
        calibrationRows === undefined
          ? binomialBound(rows, promised, confidence)
          : falsePositiveBound({ calibrationRows, testRows: rows, rate: promised, confidence });
      const observed = flagged / rows;
      return { promised, flagged, observed, bound: most / rows, holds: flagged <= most };
    });
}
