/**
 * Split-conformal p-values (Vovk, Gammerman & Shafer 2005; Laxhammar & Falkman 2010 for anomalies):
 *
 *     p(s) = (1 + #{calibration scores >= s}) / (n + 1)
 *
 * If a normal row and the calibration rows are exchangeable, then P(p <= rate) <= rate, whatever
 * the distribution of the scores. Ties count against the row, deterministically; the randomised
 * p-value, which is exact under ties, is left out because equal rows must get equal answers.
 *
 * At most 10,000 scores are kept. A larger set is *sampled*, not compressed to quantiles: a uniform
 * sample of exchangeable rows is exchangeable, so the guarantee stays exact with n = 10,000.
 */
import { RandomStream } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { checkNoNaN, invalidInput } from './check-input.ts';
import { conformalRank } from './conformal-rank.ts';
import type { DetectErrorCode } from '../error-code.ts';
import { fewestDiscoveries } from './fewest-discoveries.ts';

type ScoreArray = Float64Array | Float32Array;

/** The most scores that a calibration keeps. */
export const calibrationLimit = 10_000;

/** Turns scores into p-values and false positive rates into thresholds. */
export class ConformalCalibration {
  /** The calibration scores, ascending. */
  readonly scores: Float64Array;

  /**
   * Copies and sorts 1 to 10,000 finite scores of normal rows that were not trained on. Throws
   * `calibrate/too-few`, `calibrate/too-many`, `calibrate/invalid-input`.
   */
  constructor(scores: ArrayLike<number>) {
    checkSize(scores.length);
    this.scores = Float64Array.from(scores).sort();
    if (!this.scores.every(Number.isFinite)) {
      throw invalidInput(
        'expected finite calibration scores, got NaN or infinity',
        'Calibrate with rows that the model can score.',
      );
    }
    Object.freeze(this);
  }

  /** The same for any number of scores: beyond 10,000 a seeded uniform sample is kept. */
  static fromScores(scores: ScoreArray, seed: number): ConformalCalibration {
    if (scores.length <= calibrationLimit) return new ConformalCalibration(scores);
    const order = new RandomStream(seed, 'calibration-sample').permutation(scores.length);
    return new ConformalCalibration(
      Float64Array.from(order.subarray(0, calibrationLimit), (row) => scores[row]!),
    );
  }

  /** The smallest false positive rate that can be promised, 1 / (n + 1). */
  get smallestRate(): number {
    return 1 / (this.scores.length + 1);
  }

  /** The p-value of one score, in [1 / (n + 1), 1]; falls as the score rises. Throws for NaN. */
  pValue(score: number): number {
    if (Number.isNaN(score)) checkNoNaN(Float64Array.of(score), 'score');
    const rows = this.scores.length;
    return (1 + rows - firstAtLeast(this.scores, score)) / (rows + 1);
  }

  /** The p-values of many scores. Throws `calibrate/invalid-input` for NaN. */
  pValues(scores: ScoreArray): Float64Array {
    checkNoNaN(scores, 'score');
    return Float64Array.from(scores, (score) => this.pValue(score));
  }

  /**
   * The threshold of a false positive rate in (0, 1), a calibration score:
   * `score > threshold` ⇔ `pValue(score) <= falsePositiveRate`.
   * Throws `calibrate/too-few` when the rate is below `smallestRate`.
   */
  threshold(falsePositiveRate: number): number {
    const rows = this.scores.length;
    return this.scores[rows - conformalRank(rows, falsePositiveRate)]!;
  }

  /**
   * The threshold of a whole batch of scores at a false discovery rate in (0, 1), by `benjaminiHochberg`:
   * of the rows with `score > threshold` at most this share is expected to be normal. Infinity where
   * no row can be called an anomaly; `fewestDiscoveries` says how many there have to be.
   * Throws `calibrate/too-few` when the rate is below `smallestRate`, `calibrate/invalid-input`.
   */
  discoveryThreshold(scores: ScoreArray, falseDiscoveryRate: number): number {
    fewestDiscoveries(this.scores.length, scores.length, falseDiscoveryRate);
    const { rejected, pValueThreshold } = benjaminiHochberg(
      this.pValues(scores),
      falseDiscoveryRate,
    );
    if (rejected === 0) return Infinity;
    // Where every p-value passes, so does that of the lowest score.
    return pValueThreshold < 1 ? this.threshold(pValueThreshold) : -Infinity;
  }
}

/** The first index whose value is at least `score`; the length if there is none. */
function firstAtLeast(ascending: Float64Array, score: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! >= score) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkSize(size: number): void {
  if (size >= 1 && size <= calibrationLimit) return;
  const code: DetectErrorCode = size < 1 ? 'calibrate/too-few' : 'calibrate/too-many';
  throw detectError(code, `expected 1 to ${calibrationLimit} calibration scores, got ${size}`, {
    help:
      size < 1
        ? 'Keep some normal rows out of training for the calibration.'
        : 'Use ConformalCalibration.fromScores, which keeps a uniform sample.',
  });
}
