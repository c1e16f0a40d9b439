import { add, multiply, reduceSum, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

/** KL(q(z|x) ‖ N(0, I)), [E, rows] (Kingma & Welling 2014, appendix B). */
export function klToPrior(
  mean: Tensor,
  logVariance: Tensor,
  variance: Tensor,
  sum: (terms: Tensor) => Tensor = overUnits,
): Tensor {
  return multiply(sum(subtract(add(multiply(mean, mean), variance), add(logVariance, 1))), 0.5);
}

const overUnits = (x: Tensor): Tensor => reduceSum(x, { axes: [-1] });
