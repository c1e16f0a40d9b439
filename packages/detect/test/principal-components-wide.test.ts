import { describe, expect, it } from 'vitest';
import type { Matrix } from '@unlikely/detect';
import { baselines } from '../src/baseline/baselines.ts';
import { RandomStream } from '@unlikely/graph';

/** Rows near a plane of three directions, with a little noise. */
function nearPlane(rows: number, columns: number, seed: number): Matrix {
  const directions = new RandomStream(1, 'directions');
  const basis = Array.from({ length: 3 * columns }, () => directions.normal());
  const stream = new RandomStream(seed, 'rows');
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const weights = [5, 3, 2].map((scale) => scale * stream.normal());
    for (let column = 0; column < columns; column++) {
      const plane = weights.reduce(
        (sum, weight, at) => sum + weight * basis[at * columns + column]!,
        0,
      );
      data[row * columns + column] = plane + 0.1 * stream.normal();
    }
  }
  return { data, rows, columns };
}

/** The same rows with columns that are all zero: more columns than rows, the same distances. */
function widened({ data, rows, columns }: Matrix, width: number): Matrix {
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    wide.set(data.subarray(row * columns, (row + 1) * columns), row * width);
  }
  return { data: wide, rows, columns: width };
}

describe('principal components of fewer rows than columns', () => {
  it('measure the distances that more rows than columns do', () => {
    const training = nearPlane(40, 20, 2);
    const tested = nearPlane(30, 20, 3);
    const narrow = baselines['principal-components'].fit(training, 1).score(tested);
    const wide = baselines['principal-components']
      .fit(widened(training, 60), 1)
      .score(widened(tested, 60));
    wide.forEach((score, row) => expect(score / narrow[row]!).toBeCloseTo(1, 8));
  });
});
