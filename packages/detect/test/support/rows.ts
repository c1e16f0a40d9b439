import { RandomStream } from '@unlikely/graph';
import type { EncodedRows } from '../../src/modality/table/column/feature.ts';
import type { Matrix } from '../../src/matrix.ts';

/** Rows of two hidden causes: every column is a mixture of both with a little noise. */
export function correlatedRows(
  rows: number,
  columns: number,
  seed: number,
  noise: number = 0.2,
): Matrix {
  const stream = new RandomStream(seed, 'correlated');
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [stream.normal(), stream.normal()];
    for (let column = 0; column < columns; column++) {
      const value = Math.cos(1.3 * column) * a + Math.sin(2.1 * column + 0.4) * b;
      data[row * columns + column] = value + noise * stream.normal();
    }
  }
  return { data, rows, columns };
}

export const sliceRows = ({ data, columns }: Matrix, start: number, end: number): Matrix => ({
  data: data.slice(start * columns, end * columns),
  rows: end - start,
  columns,
});

export const encodedOf = ({ data, rows }: Matrix): EncodedRows => ({
  data: Float64Array.from(data),
  rows,
});

export const rowsOf = (rows: readonly (readonly number[])[]): EncodedRows => ({
  data: Float64Array.from(rows.flat()),
  rows: rows.length,
});
