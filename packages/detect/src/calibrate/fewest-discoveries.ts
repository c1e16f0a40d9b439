import { detectError } from '../detect-error.ts';
import { checkCount, checkProbability } from './check-input.ts';

/**
 * The fewest rows of a batch that the procedure of Benjamini & Hochberg can call anomalies. No
 * conformal p-value lies below 1 / (m + 1) with m calibration rows, so k rows of n need
 * `1 / (m + 1) <= k·rate / n`: with few calibration rows and a large batch a handful of anomalies
 * cannot be told from chance.
 *
 * Throws `calibrate/too-few` where not even a batch of anomalies alone would be enough, that is
 * `1 / (m + 1) > rate`, and `calibrate/invalid-input`.
 */
export function fewestDiscoveries(
  calibrationRows: number,
  batchRows: number,
  rate: number,
): number {
  checkCount(calibrationRows, 'number of calibration rows', 1);
  checkCount(batchRows, 'number of rows', 0);
  checkProbability(rate, 'false discovery rate');
  const smallest = 1 / (calibrationRows + 1);
  if (smallest > rate) {
    const needed = Math.ceil(1 / rate) - 1;
    throw detectError(
      'calibrate/too-few',
      `expected at least ${needed} calibration rows for a false discovery rate of ${rate}, got ${calibrationRows}`,
      {
        help: `Ask for a rate of at least ${Math.ceil(1e6 * smallest) / 1e6}, or train on more rows.`,
        details: { rows: calibrationRows, rate, needed },
      },
    );
  }
  // In the arithmetic of the procedure itself, so that both always agree.
  let fewest = Math.max(1, Math.floor((smallest * batchRows) / rate) - 1);
  while (smallest > (fewest * rate) / batchRows) fewest++;
  return fewest;
}
