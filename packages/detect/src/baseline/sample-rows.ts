import type { RandomStream } from '@unlikely/graph';

/**
 * `count` distinct row numbers below `rows`, uniformly, in random order: the first steps of a
 * Fisher–Yates shuffle whose array exists only where it was touched. Every row when `count >= rows`.
 */
export function sampleRows(rows: number, count: number, stream: RandomStream): Int32Array {
  const sample = new Int32Array(Math.min(rows, count));
  const moved = new Map<number, number>();
  for (let index = 0; index < sample.length; index++) {
    const chosen = index + stream.integer(rows - index);
    sample[index] = moved.get(chosen) ?? chosen;
    moved.set(chosen, moved.get(index) ?? index);
  }
  return sample;
}
