import type { Field, Schema } from '@unlikely/data/source';
import { detectError } from '../../../detect-error.ts';
import type { EncodedRows } from './feature.ts';
import type { Matrix } from '../../../matrix.ts';

/** A matrix as a table of numeric columns, by default `f0`, `f1`, …; NaN is a missing value. */
export function matrixSchema(
  x: Matrix,
  names: readonly string[] = Array.from({ length: x.columns }, (_, index) => `f${index}`),
): Schema {
  return {
    rows: x.rows,
    columns: names.map((name) => ({
      name,
      storageType: 'FLOAT',
      kind: 'numeric',
      reason: 'a column of a matrix',
      missing: 0,
      distinct: x.rows,
    })),
    fields: names.map((name, index): Field => numericField(x, name, index)),
  };
}

function numericField(x: Matrix, name: string, column: number): Field {
  let [count, sum, minimum, maximum, integer] = [0, 0, Infinity, -Infinity, true];
  for (let row = 0; row < x.rows; row++) {
    const value = x.data[row * x.columns + column]!;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    integer &&= Number.isInteger(value);
  }
  const mean = count === 0 ? 0 : sum / count;
  let square = 0;
  for (let row = 0; row < x.rows; row++) {
    const value = x.data[row * x.columns + column]!;
    if (!Number.isNaN(value)) square += (value - mean) ** 2;
  }
  return {
    kind: 'numeric',
    name,
    column: name,
    mean,
    deviation: count === 0 ? 0 : Math.sqrt(square / count),
    minimum: count === 0 ? 0 : minimum,
    maximum: count === 0 ? 0 : maximum,
    quantiles: [],
    integer,
    missing: 1 - count / Math.max(1, x.rows),
  };
}

/**
 * @param columns What the model expects; any number where absent.
 * @throws UnlikelyError `detect/input` for a matrix whose data does not fit its shape or the model,
 *   or which holds infinities.
 */
export function encodeMatrix(x: Matrix, columns?: number): EncodedRows {
  const fits = isSize(x.rows) && isSize(x.columns) && x.data.length === x.rows * x.columns;
  if (!fits || (columns !== undefined && x.columns !== columns)) {
    const expected = columns === undefined ? `rows × columns values` : `${columns} columns`;
    throw detectError(
      'detect/input',
      `expected a matrix of ${expected}, got ${x.rows} × ${x.columns} with ${x.data.length} values`,
      { help: 'Give { data: Float32Array, rows, columns } in row-major order.' },
    );
  }
  const index = x.data.findIndex((value) => value === Infinity || value === -Infinity);
  if (index !== -1) {
    throw detectError(
      'detect/input',
      `expected finite numbers or NaN for missing, got ${x.data[index]} in row ${Math.floor(index / x.columns)}, column ${index % x.columns}`,
      { help: 'Replace infinities before.' },
    );
  }
  return { data: Float64Array.from(x.data), rows: x.rows };
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
