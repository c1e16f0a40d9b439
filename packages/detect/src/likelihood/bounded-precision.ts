import { add, multiply, sigmoid } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

export const logTwoPi: number = Math.log(2 * Math.PI);

/**
 * The precision 1/σ² = 1 + f⁻² · sigmoid(a + 2 ln f), f the smallest deviation. It runs smoothly
 * from 1 (the column's own variance: a far-out value cannot buy itself a large one) to 1 + f⁻².
 * This is the bound of the recipe, log σ² = −softplus(−(lo + softplus(−a − lo))) with lo = 2 ln f,
 * solved for the precision: one sigmoid and one logarithm in place of two softplus and an exp.
 */
export function boundedPrecision(a: Tensor, deviationFloor: number): Tensor {
  const gate = sigmoid(add(a, 2 * Math.log(deviationFloor)));
  return add(multiply(gate, deviationFloor ** -2), 1);
}
