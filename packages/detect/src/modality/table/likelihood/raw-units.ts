import { add, constant, divide, exp, log, multiply, subtract, where } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { Feature } from '../column/feature.ts';
import type { LikelihoodContext } from './likelihood.ts';

const vector = (values: readonly number[]): Tensor => constant(Float32Array.from(values));

const logarithmFlags = (features: readonly Feature[]): Tensor =>
  constant(Uint8Array.from(features, ({ logarithm }) => Number(logarithm)));

/** Standardised features back to indicators or counts: the inverse of `standardise` in float32. */
export function toRawUnits(x: Tensor, { features }: LikelihoodContext): Tensor {
  const raw = add(
    multiply(x, vector(features.map(({ deviation }) => deviation))),
    vector(features.map(({ mean }) => mean)),
  );
  if (!features.some(({ logarithm }) => logarithm)) return raw;
  return where(logarithmFlags(features), subtract(exp(raw), 1), raw);
}

/**
 * Mean and variance in raw units → in standardised ones; through log(1 + x) by its slope at the mean
 * (the delta method).
 */
export function fromRawMoments(
  mean: Tensor,
  variance: Tensor,
  { features }: LikelihoodContext,
): { mean: Tensor; variance: Tensor } {
  const centres = vector(features.map((feature) => feature.mean));
  const deviations = vector(features.map(({ deviation }) => deviation));
  const flags = logarithmFlags(features);
  const hasLogarithms = features.some(({ logarithm }) => logarithm);
  const value = hasLogarithms ? where(flags, log(add(mean, 1)), mean) : mean;
  const scale = hasLogarithms
    ? where(flags, multiply(add(mean, 1), deviations), deviations)
    : deviations;
  return {
    mean: divide(subtract(value, centres), deviations),
    variance: divide(variance, multiply(scale, scale)),
  };
}
