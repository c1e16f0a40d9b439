import type { RandomStream } from '@unlikely/graph';
import { dataError } from '../data-error.ts';

/** `count` different numbers below `rows`, each set equally likely (Floyd), ascending. */
export function chooseRows(rows: number, count: number, stream: RandomStream): Float64Array {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw dataError('data/wrong-option', `expected a number of rows, but got ${count}`, {
      help: 'Ask for a whole number of rows from 0.',
    });
  }
  if (count >= rows) return Float64Array.from({ length: rows }, (_, row) => row);
  const chosen = new Set<number>();
  for (let last = rows - count; last < rows; last++) {
    const candidate = stream.integer(last + 1);
    chosen.add(chosen.has(candidate) ? last : candidate);
  }
  return Float64Array.from(chosen).sort();
}
