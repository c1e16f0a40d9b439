import { bernoulli } from './bernoulli.ts';
import { categorical } from './categorical.ts';
import { gaussian } from './gaussian.ts';
import type { Likelihood, LikelihoodKind } from './likelihood.ts';
import { negativeBinomial } from './negative-binomial.ts';
import { poisson } from './poisson.ts';
import { squaredError } from './squared-error.ts';

/** The closed table of likelihoods. */
export const likelihoods: { readonly [K in LikelihoodKind]: Likelihood } = {
  gaussian,
  bernoulli,
  categorical,
  poisson,
  'negative-binomial': negativeBinomial,
  'squared-error': squaredError,
};
