import { clip, exp, multiply, split } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

/** The posterior of the code of each row, q(z|x) = N(mean, exp(logVariance)). */
export interface Posterior {
  /** [members, rows, latentSize], without the first axis for one member. */
  readonly mean: Tensor;
  readonly logVariance: Tensor;
  readonly deviation: Tensor;
}

/** Log-variances outside of this range stop mattering: recipe §1. */
const logVarianceRange = [-12, 4] as const;

/** What an encoder gives, [..., 2 · latentSize] (Kingma & Welling 2014, appendix C.2). */
export function posteriorOf(code: Tensor, latentSize: number): Posterior {
  const [mean, raw] = split(code, [latentSize, latentSize], -1) as [Tensor, Tensor];
  const logVariance = clip(raw, ...logVarianceRange);
  return { mean, logVariance, deviation: exp(multiply(logVariance, 0.5)) };
}
