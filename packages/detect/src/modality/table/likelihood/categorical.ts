import { add, log, multiply, negate, softmax, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { Likelihood } from './likelihood.ts';
import { fromRawMoments, toRawUnits } from './raw-units.ts';

/** Probability that is spread evenly over all categories, so that none is impossible. */
const smoothing = 1e-3;

function probabilities(logits: Tensor, count: number): Tensor {
  return add(multiply(softmax(logits), 1 - smoothing), smoothing / count);
}

/**
 * One field of n indicators (the last one: never seen before) with a softmax over them. Each
 * indicator carries −t log p, so the sum over the block is the surprise at the category that came.
 */
export const categorical: Likelihood = {
  parameters: 1,
  negativeLogLikelihood: (x, [logits], context) =>
    negate(multiply(toRawUnits(x, context), log(probabilities(logits!, context.features.length)))),
  moments: ([logits], context) => {
    const p = probabilities(logits!, context.features.length);
    return fromRawMoments(p, multiply(p, subtract(1, p)), context);
  },
};
