import { RandomStream } from '@unlikely/graph';
import { detectError } from '../../../detect-error.ts';
import { calibrationRowCount, minimumRows } from '../../../train/calibration-rows.ts';

/** Which images do what; each part in ascending order. */
export interface SplitImages {
  readonly training: Int32Array;
  /** Fit and choose the score. */
  readonly reference: Int32Array;
  /** Calibrate the p-values. */
  readonly calibration: Int32Array;
}

/** Scoring takes a millisecond an image: a few thousand say enough. */
const mostReference = 2000;
const mostCalibration = 4000;

/**
 * Splits images at random, the same for the same seed: the score must be fitted on other images than
 * those that calibrate it, or these would score as no new image does.
 *
 * @throws UnlikelyError `detect/too-few-rows` for fewer than 10 images.
 */
export function splitImages(rows: number, share: number, seed: number): SplitImages {
  if (rows < minimumRows) {
    throw detectError(
      'detect/too-few-rows',
      `expected at least ${minimumRows} normal images to learn from, got ${rows}`,
      { help: 'Give more images; a few hundred are a good start.' },
    );
  }
  const calibration = Math.min(mostCalibration, calibrationRowCount(rows, share));
  const reference = Math.min(mostReference, Math.max(2, calibrationRowCount(rows, share || 0.1)));
  const order = new RandomStream(seed, 'calibration').permutation(rows);
  const part = (start: number, end?: number): Int32Array => order.slice(start, end).sort();
  return {
    calibration: part(0, calibration),
    reference: part(calibration, calibration + reference),
    training: part(calibration + reference),
  };
}
