import { add, concat, constant, matMul, multiply, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { logTwoPi } from '../likelihood/bounded-precision.ts';
import { exactLogSumExp, exactSum } from './exact-sum.ts';

/** The posterior q(z|x) of some items, [E, rows, Z] each, beside the stored ones. */
interface Coded {
  readonly mean: Tensor;
  readonly logVariance: Tensor;
  readonly deviation: Tensor;
  readonly storedCodes: StoredCodes | undefined;
}

/** What the encoders say of some items. */
export interface Codes {
  /** [members, rows, latentSize]. */
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
}

/**
 * The aggregate posterior: a Gaussian mixture with one component for each stored training row.
 * `log N(μ, σ²; μₙ, vₙ)` in expectation is linear in [μ² + σ², μ], so it is one matrix product.
 */
export interface StoredCodes {
  readonly count: number;
  /** [E, 2Z, K]. */
  readonly weights: Float32Array;
  /** [E, 1, K]. */
  readonly offsets: Float32Array;
}

/**
 * @param means Codes of the stored rows, [E, K, Z].
 * @param logVariances Their log-variances, [E, K, Z].
 * @param extraVariance Added to every variance: h² of the recipe.
 */
export function storeCodes(
  means: Float32Array,
  logVariances: Float32Array,
  [members, count, latentSize]: readonly [number, number, number],
  extraVariance: number,
): StoredCodes {
  const weights = new Float32Array(members * 2 * latentSize * count);
  const offsets = new Float32Array(members * count);
  for (let member = 0; member < members; member++) {
    for (let code = 0; code < count; code++) {
      let offset = 0;
      for (let unit = 0; unit < latentSize; unit++) {
        const at = (member * count + code) * latentSize + unit;
        const variance = Math.exp(logVariances[at]!) + extraVariance;
        const row = (member * 2 * latentSize + unit) * count + code;
        weights[row] = -0.5 / variance;
        weights[row + latentSize * count] = means[at]! / variance;
        offset -= 0.5 * (means[at]! ** 2 / variance + Math.log(variance) + logTwoPi);
      }
      offsets[member * count + code] = offset;
    }
  }
  return { count, weights, offsets };
}

/** E_q[−log q_agg(z)], bounded from above by Jensen's inequality, [E, rows]. */
function crossEntropy({ mean, logVariance, storedCodes }: Coded, variance: Tensor): Tensor {
  const { count, weights, offsets } = storedCodes!;
  const latentSize = logVariance.shape.at(-1) as number;
  const members = mean.shape[0] as number;
  const moments = concat([add(multiply(mean, mean), variance), mean], -1);
  const components = add(
    matMul(
      moments,
      constant(weights, { shape: [members, 2 * latentSize, count], name: 'code_weights' }),
    ),
    constant(offsets, { shape: [members, 1, count], name: 'code_offsets' }),
  );
  return subtract(Math.log(count), exactLogSumExp(components, -1));
}

/** Entropy of the posterior, [E, rows]. */
function entropy({ logVariance }: Pick<Coded, 'logVariance'>): Tensor {
  return multiply(exactSum(add(logVariance, 1 + logTwoPi), -1), 0.5);
}

/** How far codes lie from those of stored items: E_q[−log q_agg(z)] − H(q(z|x)), [E, rows]. */
export function aggregateGap(parts: Coded): Tensor {
  const variance = multiply(parts.deviation, parts.deviation);
  return subtract(crossEntropy(parts, variance), entropy(parts));
}
