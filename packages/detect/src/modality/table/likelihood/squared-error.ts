import { add, multiply, subtract } from '@unlikely/graph';
import type { Likelihood } from './likelihood.ts';

/**
 * The squared error of a plain autoencoder, (x − m)². It is no likelihood; as one it would be a
 * Gaussian whose variance is ½ everywhere, which is what its interval is made of.
 */
export const squaredError: Likelihood = {
  parameters: 1,
  negativeLogLikelihood: (x, [mean]) => {
    const error = subtract(x, mean!);
    return multiply(error, error);
  },
  moments: ([mean]) => ({ mean: mean!, variance: add(multiply(mean!, 0), 0.5) }),
};
