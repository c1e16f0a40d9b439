import { add, log, multiply, reciprocal, subtract } from '@unlikely/graph';
import { boundedPrecision, logTwoPi } from '../../../likelihood/bounded-precision.ts';
import type { Likelihood } from './likelihood.ts';

/**
 * Gaussian with a variance of its own for every row and feature (heteroscedastic):
 * −log p = ½ ((x − m)²/σ² + log σ² + log 2π).
 */
export const gaussian: Likelihood = {
  parameters: 2,
  negativeLogLikelihood: (x, [mean, a], { deviationFloor }) => {
    const precision = boundedPrecision(a!, deviationFloor);
    const error = subtract(x, mean!);
    const distance = multiply(multiply(error, error), precision);
    return multiply(add(subtract(distance, log(precision)), logTwoPi), 0.5);
  },
  moments: ([mean, a], { deviationFloor }) => ({
    mean: mean!,
    variance: reciprocal(boundedPrecision(a!, deviationFloor)),
  }),
};
