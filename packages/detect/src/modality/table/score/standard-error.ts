import { divide, multiply, reduceMean, reduceSum, sqrt, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

/** The standard error of the mean over the n draws [members, points, rows], s/√n; 0 for one draw. */
export function standardError(draws: Tensor): Tensor {
  const [members, points] = draws.shape as [number, number, ...unknown[]];
  const count = members * points;
  if (count === 1) return multiply(reduceMean(draws, { axes: [0, 1] }), 0);
  const deviation = subtract(draws, reduceMean(draws, { axes: [0, 1], keepDimensions: true }));
  // Not one operator: it fuses product and sum for some positions of a row and not for others.
  const squares = reduceSum(multiply(deviation, deviation), { axes: [0, 1] });
  const variance = divide(squares, (count - 1) * count);
  return sqrt(variance);
}
