import type { Matrix } from '@unlikely/detect';
import { commandError } from '../command-error.ts';

type Row = readonly (number | null)[] | Readonly<Record<string, number | null | undefined>>;

/**
 * Rows as lists of numbers, or as records with a number for each key of the first one, as a matrix.
 * Null, undefined and NaN are missing values. Throws `detect/input` for rows of unequal length.
 */
export function matrixOf(rows: readonly Row[]): Matrix {
  const first = rows[0] ?? [];
  const keys = Object.keys(first);
  const data = new Float32Array(rows.length * keys.length);
  rows.forEach((row, index) => {
    const values = row as Readonly<Record<string, number | null | undefined>>;
    if (Array.isArray(row) && row.length !== keys.length) {
      throw commandError(
        'detect/input',
        `expected ${keys.length} numbers in each row, got ${row.length} in row ${index}`,
        { help: 'Give null for a missing value.' },
      );
    }
    keys.forEach((key, column) => {
      data[index * keys.length + column] = values[key] ?? NaN;
    });
  });
  return { data, rows: rows.length, columns: keys.length };
}
