import type { Tensor } from '@unlikely/graph';
import type { Feature } from '../column/feature.ts';

/** The distributions that a decoder can give a feature. */
export const likelihoodKinds = [
  'gaussian',
  'bernoulli',
  'categorical',
  'poisson',
  'negative-binomial',
  'squared-error',
] as const;

export type LikelihoodKind = (typeof likelihoodKinds)[number];

/** What a likelihood may use beside the decoder's numbers. */
export interface LikelihoodContext {
  /** The features of the block, one for each element of the last axis. */
  readonly features: readonly Feature[];
  /** Smallest standard deviation, in standard deviations of the column. */
  readonly deviationFloor: number;
}

/** Mean and variance of every feature in standardised units, [..., n]. */
export interface FeatureMoments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * One distribution over a block of n features. `outputs` are the decoder's raw numbers, one tensor
 * [..., n] for each of `parameters`; `x` are the standardised features [..., n].
 */
export interface Likelihood {
  readonly parameters: number;
  /** −log p(x) of every feature, [..., n]. */
  readonly negativeLogLikelihood: (
    x: Tensor,
    outputs: readonly Tensor[],
    context: LikelihoodContext,
  ) => Tensor;
  /** Mean and variance of every feature in standardised units, [..., n]. */
  readonly moments: (outputs: readonly Tensor[], context: LikelihoodContext) => FeatureMoments;
}
