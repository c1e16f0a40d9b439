import type { Matrix } from '../matrix.ts';

/** The detectors that are printed beside ours, by the field's names. */
export type BaselineName =
  | 'l2-norm'
  | 'principal-components'
  | 'isolation-forest'
  | 'nearest-neighbours'
  | 'local-outlier-factor'
  | 'random';

/** The names for people. */
export const baselineTitles: Readonly<Record<BaselineName, string>> = {
  'l2-norm': 'L2 norm',
  'principal-components': 'PCA reconstruction',
  'isolation-forest': 'isolation forest',
  'nearest-neighbours': '5 nearest neighbours',
  'local-outlier-factor': 'local outlier factor',
  random: 'random',
};

/**
 * A detector without training in the modern sense, for comparison. It takes numeric rows that the
 * caller has standardised with the training rows, and it knows no labels.
 */
export interface Baseline {
  readonly name: BaselineName;
  /**
   * Learns from the rows of `x`, which is neither changed nor, where it matters, kept. The same rows
   * and seed give the same scores. Throws `baseline/invalid-input` for no rows, no columns, a
   * wrong length or values that are not finite.
   */
  fit(x: Matrix, seed: number): FittedBaseline;
}

/** A baseline that has seen its training rows. */
export interface FittedBaseline {
  /**
   * One score a row, higher = more anomalous, always finite. A row's score depends on that row alone
   * (`random` excepted). Throws `baseline/invalid-input` as `fit` does, and for other columns.
   */
  score(x: Matrix): Float64Array;
}
