import { add, clip, divide, exp, log, multiply, subtract } from '@unlikely/graph';
import type { Likelihood } from './likelihood.ts';
import { logGamma } from './log-gamma.ts';
import { countOf, logRate } from './poisson.ts';
import { fromRawMoments } from './raw-units.ts';

/**
 * Negative binomial of a count k with mean μ and size r (variance μ + μ²/r):
 * −log p = log Γ(r) + log Γ(k + 1) − log Γ(k + r) + (k + r) log(r + μ) − r log r − k log μ.
 */
export const negativeBinomial: Likelihood = {
  parameters: 2,
  negativeLogLikelihood: (x, [a, b], context) => {
    const count = countOf(x, context);
    const logMean = logRate(a!, context);
    const logSize = clip(b!, -6, 8);
    const size = exp(logSize);
    const total = add(count, size);
    const gammas = subtract(add(logGamma(size), logGamma(add(count, 1))), logGamma(total));
    const spread = multiply(total, log(add(size, exp(logMean))));
    const weights = add(multiply(size, logSize), multiply(count, logMean));
    return add(gammas, subtract(spread, weights));
  },
  moments: ([a, b], context) => {
    const mean = exp(logRate(a!, context));
    const variance = add(mean, divide(multiply(mean, mean), exp(clip(b!, -6, 8))));
    return fromRawMoments(mean, variance, context);
  },
};
