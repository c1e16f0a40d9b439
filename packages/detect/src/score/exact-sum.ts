import { add, cast, exp, log, reduceMax, reduceSum, reshape, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

/**
 * Sums a float32 tensor over one axis in double, where numbers of like size add up without rounding.
 * In float32 the result would depend on the place of a row: kernels start their loops where memory
 * is aligned and so add in another order from row to row.
 */
export function exactSum(x: Tensor, axis: number): Tensor {
  return cast(reduceSum(cast(x, 'float64'), { axes: [axis] }), 'float32');
}

/** log Σ eˣ over one axis, relative to its largest value so that nothing overflows. */
export function exactLogSumExp(x: Tensor, axis: number): Tensor {
  const largest = reduceMax(x, { axes: [axis], keepDimensions: true });
  const sum = exactSum(exp(subtract(x, largest)), axis);
  return add(log(sum), reshape(largest, sum.shape));
}
