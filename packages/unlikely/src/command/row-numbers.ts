import { commandError } from '../command-error.ts';

/** Row numbers of an option. Throws `usage/invalid`. */
export function rowNumbers(texts: readonly string[]): number[] {
  return texts.map((text) => {
    const row = Number(text);
    if (Number.isSafeInteger(row) && row >= 0) return row;
    throw commandError('usage/invalid', `expected row numbers, got ${JSON.stringify(text)}`, {
      help: 'Rows are counted from 0: 0,17',
    });
  });
}

/** The two ends of a way. Throws `usage/invalid`. */
export function twoRows(texts: readonly string[]): readonly [number, number] {
  const [from, to, ...more] = rowNumbers(texts);
  if (from !== undefined && to !== undefined && more.length === 0) return [from, to];
  throw commandError('usage/invalid', `expected two row numbers, got ${texts.length}`, {
    help: 'Rows are counted from 0: --rows 0,17',
  });
}
