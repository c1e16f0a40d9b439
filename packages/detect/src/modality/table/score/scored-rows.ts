import type { Tensor } from '@unlikely/graph';
import type { ModelCore } from '../core.ts';
import type { Evidence } from './evidence.ts';
import type { ScoreParts } from './score-parts.ts';

/** What a score is computed from, beside the model. */
export interface ScoreInput {
  readonly core: ModelCore;
  readonly parts: ScoreParts;
  /** The features in the order of `parts`. */
  readonly order: readonly number[];
  /** Encoded rows, float64 [rows, fields], NaN where missing. */
  readonly rows: Tensor;
  /** Standardised features [rows, G], 0 where missing. */
  readonly x: Tensor;
  /** The same with missing features filled. */
  readonly filled: Tensor;
  /** The stored row nearest to each, [rows, G], where the score needs it. */
  readonly nearest: Tensor | undefined;
  readonly neutral: Float32Array;
  readonly evidence: Evidence | undefined;
}

/** A score with the parts that it is the exact sum of. */
export interface ScoredRows {
  /** float64 [rows]. */
  readonly score: Tensor;
  /** float64 [rows]. */
  readonly standardError: Tensor;
  /** float32 [rows, fields]. */
  readonly contribution: Tensor;
  /** float32 [rows]: what the latent code adds. */
  readonly latentShare: Tensor;
  /** float32 [rows]: what a normal row has as well. */
  readonly usualShare: Tensor;
  /** Outputs of some scores alone, by their names. */
  readonly further: Readonly<Record<string, Tensor>>;
}
