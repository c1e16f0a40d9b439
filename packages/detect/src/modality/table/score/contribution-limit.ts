import { add, divide, log, multiply, relu, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

/**
 * c for what is below the limit, limit + log(1 + c − limit) above: strictly rising, so that no two
 * rows become equal, but nothing alone can outweigh all else.
 */
export function limitContributions(x: Tensor, limit: number): Tensor {
  if (limit === Infinity) return x;
  const excess = relu(subtract(x, limit));
  return add(subtract(x, excess), log(add(excess, 1)));
}

/** The slope of the limit at x. */
export function limitSlope(x: Tensor, limit: number): Tensor {
  if (limit === Infinity) return add(multiply(x, 0), 1);
  return divide(1, add(relu(subtract(x, limit)), 1));
}
