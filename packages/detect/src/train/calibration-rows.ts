import { calibrationLimit } from '../calibrate/conformal-calibration.ts';

/** Below this a network has nothing to learn from. */
export const minimumRows = 10;

/**
 * How many of the normal rows are kept from the networks to calibrate with: the share asked for, at
 * least 100 where that leaves three quarters for training, at most what a calibration keeps.
 */
export function calibrationRowCount(rows: number, share: number): number {
  if (share === 0) return 0;
  const wanted = Math.max(Math.round(share * rows), Math.min(100, Math.floor(rows / 4)));
  return Math.min(wanted, calibrationLimit);
}
