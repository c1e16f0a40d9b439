import { promisableRate } from '@unlikely/detect/promisable-rate';
import type { ScoredBatch, ScoredImages } from '@unlikely/detect';
import { commandError } from '../command-error.ts';

export { promisableRate };

/** One row and what is made of it. */
export interface Prediction {
  /** 0-based. */
  readonly row: number;
  /** Higher is less likely. */
  readonly score: number;
  /** Of the score; NaN where it draws no random numbers. */
  readonly standardError: number;
  /** Share of normal rows that score at least as high; 1 without calibration. */
  readonly pValue: number;
  /** Whether the score lies above the threshold. */
  readonly isAnomaly: boolean;
}

/** One image and what is made of it. */
export interface ImagePrediction extends Prediction {
  /** The file, or the place in the Parquet file. */
  readonly name: string;
}

/** Which scores are anomalies: those above a threshold, or above that of a false-positive rate. */
export interface PredictOptions {
  /**
   * Share of normal rows that may be called anomalies, 0 to 1. Default 0.01, or as little as the rows
   * that were kept from training can promise.
   */
  readonly falsePositiveRate?: number;
  /** A score, in place of a rate. */
  readonly threshold?: number;
  /** Rows read at a time; the results do not depend on it. */
  readonly batchRows?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** What decides, of a detector. */
interface Calibrated {
  readonly manifest: { readonly rows: { readonly calibration: number } };
  threshold(falsePositiveRate: number): number;
}

/** The score above which rows are anomalies. Throws `detect/uncalibrated`, `calibrate/too-few`. */
export function thresholdOf(
  detector: Calibrated,
  { falsePositiveRate, threshold }: PredictOptions,
): number {
  if (threshold !== undefined) {
    if (typeof threshold === 'number' && !Number.isNaN(threshold)) return threshold;
    throw commandError(
      'detect/input',
      `expected threshold to be a number, got ${String(threshold)}`,
      {
        help: 'Leave it out for the threshold of a false-positive rate.',
      },
    );
  }
  return detector.threshold(falsePositiveRate ?? promisableRate(detector) ?? 0.01);
}

/** The rows of a batch, one by one. */
export function rowsOf(batch: ScoredBatch, threshold: number): Prediction[] {
  return Array.from({ length: batch.rows }, (_, index) =>
    prediction(batch, index, batch.firstRow + index, threshold),
  );
}

/** The images of a batch, one by one. */
export function imagesOf(batch: ScoredImages, threshold: number): ImagePrediction[] {
  return Array.from({ length: batch.rows }, (_, index) => ({
    ...prediction(batch, index, batch.rowNumbers[index]!, threshold),
    name: batch.names[index]!,
  }));
}

function prediction(
  { score, standardError, pValue }: Pick<ScoredBatch, 'score' | 'standardError' | 'pValue'>,
  index: number,
  row: number,
  threshold: number,
): Prediction {
  return {
    row,
    score: score[index]!,
    standardError: standardError[index]!,
    pValue: pValue[index]!,
    isAnomaly: score[index]! > threshold,
  };
}
