import { RandomStream } from '@unlikely/graph';
import { detectError } from '../../../detect-error.ts';
import type { EncodedRows } from '../column/feature.ts';
import { calibrationRowCount, minimumRows } from '../../../train/calibration-rows.ts';

/**
 * Splits rows at random, the same for the same seed; both parts keep the order of the rows.
 *
 * @throws UnlikelyError `detect/too-few-rows` for fewer than 10 rows.
 */
export function splitRows(
  rows: EncodedRows,
  width: number,
  share: number,
  seed: number,
): { training: EncodedRows; calibration: EncodedRows } {
  if (rows.rows < minimumRows) {
    throw detectError(
      'detect/too-few-rows',
      `expected at least ${minimumRows} normal rows to learn from, got ${rows.rows}`,
      { help: 'Give more rows; a few hundred are a good start.' },
    );
  }
  const count = calibrationRowCount(rows.rows, share);
  const order = new RandomStream(seed, 'calibration').permutation(rows.rows);
  const held = new Uint8Array(rows.rows);
  for (const row of order.subarray(0, count)) held[row] = 1;
  const part = (wanted: 0 | 1, size: number): EncodedRows => {
    const data = new Float64Array(size * width);
    let next = 0;
    for (let row = 0; row < rows.rows; row++) {
      if (held[row] !== wanted) continue;
      data.set(rows.data.subarray(row * width, (row + 1) * width), width * next++);
    }
    return { data, rows: size };
  };
  return { training: part(0, rows.rows - count), calibration: part(1, count) };
}

/** Rows with where they came from. */
export interface ChosenRows extends EncodedRows {
  readonly places: Int32Array;
}

/** At most `count` rows, chosen at random without replacement and in random order. */
export function sampleEncodedRows(
  rows: EncodedRows,
  width: number,
  count: number,
  stream: RandomStream,
): ChosenRows {
  return pickEncodedRows(rows, width, stream.permutation(rows.rows).slice(0, count));
}

/** The rows at `places`, in that order. */
export function pickEncodedRows(rows: EncodedRows, width: number, chosen: Int32Array): ChosenRows {
  const data = new Float64Array(chosen.length * width);
  chosen.forEach((row, index) => {
    data.set(rows.data.subarray(row * width, (row + 1) * width), index * width);
  });
  return { data, rows: chosen.length, places: chosen };
}

/** One after another. */
export function joinEncodedRows(parts: readonly EncodedRows[]): EncodedRows {
  const data = new Float64Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let start = 0;
  for (const part of parts) {
    data.set(part.data, start);
    start += part.data.length;
  }
  return { data, rows: parts.reduce((sum, { rows }) => sum + rows, 0) };
}
