import { clip, multiply, sigmoid, softplus, subtract } from '@unlikely/graph';
import type { Likelihood } from './likelihood.ts';
import { fromRawMoments, toRawUnits } from './raw-units.ts';

/** Log-odds beyond this would claim more than any table can show: 1 in 22,000. */
const farthestLogit = 10;

/** Bernoulli of an indicator t with log-odds a: −log p = softplus(a) − t a. */
export const bernoulli: Likelihood = {
  parameters: 1,
  negativeLogLikelihood: (x, [a], context) => {
    const logit = clip(a!, -farthestLogit, farthestLogit);
    return subtract(softplus(logit), multiply(toRawUnits(x, context), logit));
  },
  moments: ([a], context) => {
    const p = sigmoid(clip(a!, -farthestLogit, farthestLogit));
    return fromRawMoments(p, multiply(p, subtract(1, p)), context);
  },
};
