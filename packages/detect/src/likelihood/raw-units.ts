import { add, constant, divide, exp, multiply, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { LikelihoodContext } from './likelihood.ts';

const vector = (values: readonly number[]): Tensor => constant(Float32Array.from(values));

/** Standardised features back to indicators or counts: the inverse of `standardise` in float32. */
export function toRawUnits(x: Tensor, { features }: LikelihoodContext): Tensor {
  const raw = add(
    multiply(x, vector(features.map(({ deviation }) => deviation))),
    vector(features.map(({ mean }) => mean)),
  );
  if (!features.some(({ logarithm }) => logarithm)) return raw;
  return subtract(exp(raw), 1);
}

/** Mean and variance in raw units → in standardised ones. */
export function fromRawMoments(
  mean: Tensor,
  variance: Tensor,
  { features }: LikelihoodContext,
): { mean: Tensor; variance: Tensor } {
  const deviations = vector(features.map(({ deviation }) => deviation));
  return {
    mean: divide(subtract(mean, vector(features.map((feature) => feature.mean))), deviations),
    variance: divide(variance, multiply(deviations, deviations)),
  };
}
