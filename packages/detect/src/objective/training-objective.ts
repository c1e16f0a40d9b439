import { adam, add, divide, multiply, reduceSum, reshape, splitParameters } from '@unlikely/graph';
import type { Tensor, TrainingObjective } from '@unlikely/graph';
import { standardise } from '../column/standardise.ts';
import { negativeLogLikelihoods } from '../likelihood/blocks.ts';
import type { ModelCore } from '../model-core.ts';
import { decode, encode, encodePoint } from '../network/network.ts';
import { klToPrior } from '../score/score-parts.ts';

/** What goes into a chunk of steps beside the optimiser's state. */
export interface ObjectiveShape {
  readonly batchRows: number;
  /** Whether rows may have missing values; without them two nodes a step are saved. */
  readonly missing: boolean;
}

/**
 * The negative evidence lower bound (Kingma & Welling 2014, equation 10, one sample z = μ + σ ε a
 * row): the mean over the batch of Σⱼ −log p(xⱼ|z) + β KL(q(z|x) ‖ N(0, I)), summed over members.
 * A plain autoencoder has the squared error alone. Missing values are left out of the sum.
 */
export function trainingObjective(core: ModelCore, options: ObjectiveShape): TrainingObjective {
  const { configuration, shape, fields, features, blocks, layout } = core;
  const { members } = shape;
  const lead = members === 1 ? [options.batchRows] : [members, options.batchRows];
  const batch: Record<string, { shape: readonly number[] }> = {
    features: { shape: [...lead, features.length] },
  };
  if (options.missing) batch['present'] = { shape: [...lead, features.length] };
  if (shape.variational) batch['noise'] = { shape: [...lead, shape.latentSize] };
  const noise: Record<string, readonly number[]> = shape.variational
    ? { noise: [...lead, shape.latentSize] }
    : {};

  return {
    parameterCount: core.parameterCount,
    parameterSizes: layout.map((slot) => slot.shape.reduce((product, size) => product * size, 1)),
    batch,
    prepare: {
      inputs: {
        rows: { shape: [...lead, fields.length], type: 'float64' },
        ...Object.fromEntries(Object.entries(noise).map(([name, size]) => [name, { shape: size }])),
      },
      build: ({ rows, ...rest }) => {
        const { features: standardised, present } = standardise(rows!, features);
        return {
          features: standardised,
          ...(options.missing ? { present } : {}),
          ...rest,
        };
      },
    },
    scheduled: shape.variational ? ['klWeight'] : [],
    optimiser: adam(),
    maximumGradientNorm: configuration.maximumGradientNorm * members,
    build: (theta, { features: x, present, noise: epsilon }, { klWeight }) => {
      const parameters = splitParameters(theta, layout);
      const perRow = (decoded: Tensor): Tensor =>
        reduceSum(negativeLogLikelihoods(blocks, features, decoded, x!, configuration, present), {
          axes: [-1],
        });
      if (!shape.variational) {
        const decoded = decode(shape, parameters, encodePoint(shape, parameters, x!));
        const reconstruction = divide(reduceSum(perRow(decoded)), options.batchRows);
        return {
          loss: reconstruction,
          metrics: { reconstruction: divide(reconstruction, members) },
        };
      }
      const { mean, logVariance, deviation } = encode(shape, parameters, x!);
      const codes = add(mean, multiply(deviation, epsilon!));
      const decoded = decode(shape, parameters, codes);
      const reconstruction = divide(reduceSum(perRow(decoded)), options.batchRows);
      const variance = multiply(deviation, deviation);
      const kl = divide(reduceSum(klToPrior(mean, logVariance, variance)), options.batchRows);
      return {
        loss: add(reshape(reconstruction, [1]), multiply(reshape(kl, [1]), klWeight!)),
        metrics: {
          reconstruction: divide(reconstruction, members),
          kl: divide(kl, members),
        },
      };
    },
  };
}
