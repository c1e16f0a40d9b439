import type { Configuration } from '../configuration.ts';
import { quantile } from '../../../statistics.ts';

/** The kinds of evidence against a row that the combined score weighs, in this order. */
export const evidenceKinds = ['reconstruction', 'code', 'neighbour'] as const;

/**
 * What the combined score needs beside the networks: rows to compare with, and what each kind of
 * evidence amounts to for normal rows that the networks did not see.
 */
export interface Evidence {
  readonly storedRows: StoredRows;
  readonly scale: EvidenceScale;
  /** Where the bulk of the training rows lies: for the robust score. */
  readonly gaussian?: RobustGaussian;
}

/** The bulk of the training rows, by their numbers, which are the first features. */
export interface RobustGaussian {
  /** Standardised, [N]. */
  readonly mean: Float32Array;
  /** The symmetric root of the inverse covariance, [N, N], or [N] where columns are taken each by itself. */
  readonly root: Float32Array;
}

/** Training rows, standardised: float32 [count, features]. */
export interface StoredRows {
  readonly count: number;
  readonly data: Float32Array;
}

/** Numbers of the stored rows: 800 kB of a model file. */
const storedNumbers = 200_000;
/** How many rows a model with so many features stores. */
export function storedRowCount({ storedRows }: Configuration, features: number): number {
  return Math.max(1, Math.min(storedRows, Math.floor(storedNumbers / features)));
}

/** In nats, measured on normal rows. */
export interface EvidenceScale {
  /** Median of each kind, then its range above, as `scaleOf` measures it: [2, 3]. */
  readonly range: Float32Array;
  /** Mean of what each field adds to reconstruction and to neighbour: [2, fields]. */
  readonly usual: Float32Array;
}

/** Evidence as it is, before a scale was measured. */
export function unitScale(fields: number): EvidenceScale {
  return { range: Float32Array.of(0, 0, 0, 1, 1, 1), usual: new Float32Array(2 * fields) };
}

/**
 * The 90 and the 99 % quantile of an exponential distribution lie ln 5 and ln 50 of its scales above
 * its median. A heavier tail has the range that its 99 % quantile would have in one, or its
 * rare but normal rows would outweigh all other evidence.
 */
const tailShare = Math.log(5) / Math.log(50);

/** A range below this is rounding. */
const leastRange = 0.1;

/**
 * The scale of evidence that was measured with `unitScale`.
 *
 * @param evidence [rows, 3], in the order of `evidenceKinds`.
 * @param shares What each field added to reconstruction and to neighbour, [rows, fields] each.
 * @param leastDistance Half of a squared distance that means nothing.
 */
export function scaleOf(
  evidence: Float64Array,
  shares: readonly [Float32Array, Float32Array],
  fields: number,
  leastDistance: number,
): EvidenceScale {
  const kinds = evidenceKinds.length;
  const rows = evidence.length / kinds;
  const range = new Float32Array(2 * kinds);
  evidenceKinds.forEach((kind, index) => {
    const values = Float64Array.from({ length: rows }, (_, row) => evidence[row * kinds + index]!);
    values.sort();
    const median = quantile(values, 0.5);
    const least = kind === 'neighbour' ? leastDistance : leastRange;
    range[index] = median;
    const near = quantile(values, 0.9) - median;
    const far = (quantile(values, 0.99) - median) * tailShare;
    range[kinds + index] = Math.max(least, near, far);
  });
  const usual = new Float32Array(2 * fields);
  shares.forEach((values, part) => {
    for (let field = 0; field < fields; field++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += values[row * fields + field]!;
      usual[part * fields + field] = sum / rows;
    }
  });
  return { range, usual };
}
