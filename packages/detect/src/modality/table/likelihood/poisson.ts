import { add, clip, constant, exp, maximum, minimum, multiply, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { LikelihoodContext, Likelihood } from './likelihood.ts';
import { logGamma } from './log-gamma.ts';
import { fromRawMoments, toRawUnits } from './raw-units.ts';

/** The decoder's number is a log-rate around that of the column's mean. */
export function logRate(a: Tensor, { features }: LikelihoodContext): Tensor {
  const centre = features.map(({ mean, logarithm }) =>
    logarithm ? mean : Math.log(Math.max(mean, 1e-3)),
  );
  return clip(add(a, constant(Float32Array.from(centre))), -10, 20);
}

/** What float32 can tell from its neighbours by less than a hundred; log Γ overflows at 4e9. */
const largestCount = 1e9;

/** Counts are not negative and not endless; a column declared as one may hold what is not a count. */
export function countOf(x: Tensor, context: LikelihoodContext): Tensor {
  return minimum(maximum(toRawUnits(x, context), 0), largestCount);
}

/** Poisson of a count k with rate λ = eᵃ: −log p = λ − k a + log k!. */
export const poisson: Likelihood = {
  parameters: 1,
  negativeLogLikelihood: (x, [a], context) => {
    const count = countOf(x, context);
    const logLambda = logRate(a!, context);
    const factorial = logGamma(add(count, 1));
    return add(subtract(exp(logLambda), multiply(count, logLambda)), factorial);
  },
  moments: ([a], context) => {
    const rate = exp(logRate(a!, context));
    return fromRawMoments(rate, rate, context);
  },
};
