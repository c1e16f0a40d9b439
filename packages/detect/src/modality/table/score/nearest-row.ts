import {
  add,
  argMax,
  constant,
  gatherRows,
  gemm,
  multiply,
  negate,
  reduceSum,
  subtract,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { StoredRows } from './evidence.ts';

/** How much a missing feature counts, as if it were the mean: among equals the most ordinary row is taken. */
const unseenShare = 1e-3;

/**
 * The stored row nearest to each row by the features that it has, [rows, G]: the one with the largest
 * x·x_n − ½‖x_n‖², the norm of those features alone.
 *
 * @param x Standardised features [rows, G], 0 where missing.
 * @param present 1 or 0, [rows, G]; absent where nothing can be missing.
 */
export function nearestRow(
  x: Tensor,
  present: Tensor | undefined,
  { count, data }: StoredRows,
): Tensor {
  const width = data.length / count;
  const stored = constant(data, { shape: [count, width], name: 'stored_rows' });
  const halfSquares = multiply(multiply(stored, stored), 0.5);
  const halfNorms = reduceSum(halfSquares, { axes: [1] });
  const closeness = gemm(x, stored, negate(halfNorms), { transposeB: true });
  if (present === undefined) return gatherRows(stored, argMax(closeness, 1, true));
  // Added, and exactly 0 for a row that has all features: it must get the same bits as without.
  const unseen = multiply(halfSquares, 1 - unseenShare);
  const missing = gemm(subtract(1, present), unseen, undefined, { transposeB: true });
  return gatherRows(stored, argMax(add(closeness, missing), 1, true));
}
