import type { ImageBatch } from '@unlikely/data/source';

/** What a score is made of. */
export interface ImageDetails {
  /** The heat map: with `other` it adds up to the score exactly, [rows, H, W]. */
  readonly contributions: Float32Array;
  /** What is of no place, [rows]. */
  readonly other: Float32Array;
  /** What the model expects in the place of each image, [rows, C, H, W] in [0, 1]. */
  readonly expected: Float32Array;
  /** Mean codes, [rows, latentSize]. */
  readonly code: Float32Array;
}

/** Images with their scores, in their order. */
export interface ImageScores {
  /** Higher for less likely images, [rows]. */
  readonly score: Float64Array;
  /** Of the score over latent points; NaN where it draws none. */
  readonly standardError: Float64Array;
  /** Share of normal images that score as high; 1 without a calibration. */
  readonly pValue: Float64Array;
  /** Where asked for. */
  readonly details?: ImageDetails;
}

/** The images of one batch with their scores. */
export interface ScoredImages extends ImageScores, ImageBatch {
  /** Of the images, where asked for and the model knows its images. */
  readonly hashes?: Uint32Array;
}
