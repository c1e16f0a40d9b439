import type { StatisticKind } from './statistic.ts';
import { mean } from '../../../statistics.ts';

/** What a term compares: a statistic, or how much there is in an image. */
export type TermSubject = StatisticKind | 'complexity';

/**
 * A score as a weighted sum of statistics on one scale. Each statistic s, or its logarithm, is compared
 * with what held-out normal images of the same complexity c have: v = w · (s − offset − slope · c) / scale.
 */
export interface Combination {
  readonly terms: readonly CombinationTerm[];
}

export interface CombinationTerm {
  readonly statistic: TermSubject;
  /** Whether the logarithm of the statistic is taken. */
  readonly logarithm: boolean;
  readonly offset: number;
  /** Of the complexity; 0 where the score is not corrected for it. */
  readonly slope: number;
  readonly scale: number;
  readonly weight: number;
  /**
   * Unusual in either direction (Nalisnick et al. 2019): what |s − offset − …| / scale is beyond so many
   * deviations, times the weight. Undefined: the statistic counts with its sign.
   */
  readonly foldedBeyond?: number;
  /**
   * Deviations below the usual beyond which it counts no further: being unusually like the stored images
   * must not outweigh what else is wrong. Undefined: no limit.
   */
  readonly lowest?: number;
}

/** The statistic as it is. */
export function plainTerm(statistic: StatisticKind): CombinationTerm {
  return {
    statistic,
    logarithm: false,
    offset: 0,
    slope: 0,
    scale: 1,
    weight: 1,
  };
}

/** Smallest positive statistic that a logarithm is taken of. */
export const leastStatistic = 1e-12;

/** Statistics of images, one number each. */
export interface MeasuredRows {
  readonly rows: number;
  readonly statistics: Readonly<Record<StatisticKind, Float64Array>>;
  readonly complexity: Float64Array;
}

function transformed(
  { statistics, complexity }: MeasuredRows,
  subject: TermSubject,
  logarithm: boolean,
): Float64Array {
  const values = subject === 'complexity' ? complexity : statistics[subject];
  return logarithm ? values.map((value) => Math.log(Math.max(value, leastStatistic))) : values;
}

/**
 * What normal images have: the mean, or with `corrected` the least-squares line over the complexity
 * (after Serrà et al. 2020, who subtract the length of the compressed image; here the slope is learnt).
 */
export function fitTerm(
  statistic: TermSubject,
  normal: MeasuredRows,
  options: {
    readonly logarithm: boolean;
    readonly corrected: boolean;
    readonly foldedBeyond?: number;
    readonly lowest?: number;
  },
): CombinationTerm {
  const { logarithm, corrected, foldedBeyond, lowest } = options;
  const values = transformed(normal, statistic, logarithm);
  const [centre, about] = [mean(values), mean(normal.complexity)];
  let [covariance, spread, variance] = [0, 0, 0];
  values.forEach((value, row) => {
    const difference = normal.complexity[row]! - about;
    covariance += (value - centre) * difference;
    spread += difference ** 2;
    variance += (value - centre) ** 2;
  });
  const slope = corrected ? shrunkSlope(covariance, spread, variance, normal.rows) : 0;
  const offset = centre - slope * about;
  const residuals = values.map((value, row) => value - offset - slope * normal.complexity[row]!);
  const scale = Math.sqrt(mean(residuals.map((residual) => residual ** 2)));
  return {
    statistic,
    logarithm,
    offset,
    slope,
    scale: scale > 0 ? scale : 1,
    weight: 1,
    ...(foldedBeyond === undefined ? {} : { foldedBeyond }),
    ...(lowest === undefined ? {} : { lowest }),
  };
}

/**
 * The least-squares slope, less the more its own error could have made it (James & Stein 1961): times
 * 1 − 1/t² with t the slope in standard errors, 0 where that is negative. A slope of two dozen images
 * would else be trusted far beyond the complexities that they have.
 *
 * @param covariance Σ (value − mean)(c − mean), with `spread` and `variance` the sums of squares of c and value.
 */
function shrunkSlope(covariance: number, spread: number, variance: number, rows: number): number {
  if (!(spread > 0) || rows < 3) return 0;
  const slope = covariance / spread;
  const error = Math.max(0, variance - slope * covariance) / (rows - 2) / spread;
  return slope ** 2 > error ? slope * (1 - error / slope ** 2) : 0;
}

/** The same with all weights divided by the deviation of the score, which becomes 1. */
export function standardised(combination: Combination, normal: MeasuredRows): Combination {
  const scores = combine(combination, normal);
  const centre = mean(scores);
  const deviation = Math.sqrt(mean(scores.map((score) => (score - centre) ** 2)));
  if (!(deviation > 0)) return combination;
  return { terms: combination.terms.map((term) => ({ ...term, weight: term.weight / deviation })) };
}

/** The scores of images that were measured. */
export function combine({ terms }: Combination, measured: MeasuredRows): Float64Array {
  const scores = new Float64Array(measured.rows);
  for (const term of terms) {
    const { statistic, logarithm, offset, slope, scale, weight, foldedBeyond } = term;
    const { lowest = Infinity } = term;
    transformed(measured, statistic, logarithm).forEach((value, row) => {
      const standard = (value - offset - slope * measured.complexity[row]!) / scale;
      scores[row]! +=
        weight *
        (foldedBeyond === undefined
          ? Math.max(-lowest, standard)
          : Math.max(0, Math.abs(standard) - foldedBeyond));
    });
  }
  return scores;
}
