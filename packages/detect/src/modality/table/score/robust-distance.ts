import {
  cast,
  constant,
  divide,
  isNaN,
  matMul,
  maximum,
  multiply,
  reduceSum,
  slice,
  subtract,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { ModelCore } from '../core.ts';
import { limitContributions } from './contribution-limit.ts';
import type { RobustGaussian } from './evidence.ts';
import { fieldOwners, toFields } from './field-sums.ts';

/** Nats beyond which the distance counts by its logarithm only. */
const distanceLimit = 30;
/** What each number adds for rows of the Gaussian itself: half the mean of a squared standard normal. */
const usualShare = 0.5;

/** Against 0 / 0. */
const smallest = 1e-30;

/** Beyond so many numbers their covariance would make the model file large. */
const mostRelated = 400;

/** How many numbers the root of a Gaussian over so many features has. */
export function rootSize(numbers: number): number {
  return numbers > mostRelated ? numbers : numbers * numbers;
}

/** Half of a squared distance, by field. */
export interface RobustDistance {
  /** float32 [rows, fields], beyond what a normal row has. */
  readonly contribution: Tensor;
  /** float64 [rows]. */
  readonly whole: Tensor;
}

/**
 * ½ (x − m)ᵀ S⁻¹ (x − m) over the numbers of a row, −log N(x; m, S) up to a constant, S robust
 * (Rousseeuw 1985). With the symmetric root R of S⁻¹ it is ½‖(x − m)R‖², so that each number has a part
 * of its own: of all roots the one whose parts are closest to the numbers themselves (Kessy, Lewin &
 * Strimmer 2018).
 *
 * @param rows Encoded rows, NaN where missing; a missing value adds what is usual.
 * @param x Standardised features [rows, G], missing ones filled.
 */
export function robustDistance(
  core: ModelCore,
  rows: Tensor,
  x: Tensor,
  { mean, root }: RobustGaussian,
): RobustDistance {
  const numbers = mean.length;
  const centre = constant(mean, { name: 'robust_mean' });
  const difference = subtract(slice(x, 0, numbers, -1), centre);
  // Many columns are taken each by itself.
  const whitened =
    root.length === numbers
      ? multiply(difference, constant(root, { name: 'robust_root' }))
      : matMul(difference, constant(root, { shape: [numbers, numbers], name: 'robust_root' }));
  const parts = multiply(multiply(whitened, whitened), 0.5);
  // In double, since the kernel for float32 adds in another order in another place of a block.
  const sum = reduceSum(cast(parts, 'float64'), { axes: [1], keepDimensions: true });
  const share = divide(limitContributions(sum, distanceLimit), maximum(sum, smallest));
  const order = Array.from({ length: numbers }, (_, index) => index);
  const owners = fieldOwners(order, core);
  const own = toFields(multiply(parts, cast(share, 'float32')), owners);
  const usual = new Float32Array(core.fields.length);
  for (const index of order) usual[core.features[index]!.field] = usualShare;
  const perField = where(isNaN(rows), constant(usual), own);
  return {
    contribution: subtract(perField, constant(usual)),
    whole: reduceSum(cast(perField, 'float64'), { axes: [1] }),
  };
}
