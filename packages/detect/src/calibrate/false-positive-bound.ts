/**
 * How many false positives a split-conformal threshold may show. Given the calibration rows, the false
 * positive rate of the threshold is a random number: with `m` rows and rank `r = ⌊rate·(m + 1)⌋` it is
 * Beta(r, m + 1 − r) for scores without ties (Vovk 2012, proposition 2a), so the count among `n` new
 * normal rows is beta-binomial. Ties make the true count smaller, so the bound stays valid.
 */
import { checkCount, checkProbability } from './check-input.ts';
import { conformalRank } from './conformal-rank.ts';
import { countQuantile } from './count-quantile.ts';

export interface FalsePositiveBoundOptions {
  /** Rows that the threshold was calibrated with, at least 1. */
  readonly calibrationRows: number;
  /** Normal rows that are scored. */
  readonly testRows: number;
  /** The promised false positive rate, in (0, 1). */
  readonly rate: number;
  /** Probability of staying within the bound, in (0, 1). Default 0.99. */
  readonly confidence?: number;
}

/**
 * The smallest count of false positives that is not exceeded with probability `confidence`.
 * Throws `calibrate/too-few`, `calibrate/invalid-input`.
 */
export function falsePositiveBound({
  calibrationRows,
  testRows,
  rate,
  confidence = 0.99,
}: FalsePositiveBoundOptions): number {
  checkCount(testRows, 'number of test rows', 0);
  checkProbability(confidence, 'confidence');
  const a = conformalRank(calibrationRows, rate);
  const b = calibrationRows + 1 - a;
  // P(0) = B(a, n + b) / B(a, b) = Π (b + i) / (n + b + i) for i < a: a is an integer.
  let logMassAtZero = 0;
  for (let i = 0; i < a; i++) logMassAtZero += Math.log((b + i) / (testRows + b + i));
  return countQuantile(
    testRows,
    logMassAtZero,
    (count) => ((testRows - count) / (count + 1)) * ((count + a) / (testRows - count - 1 + b)),
    confidence,
  );
}
