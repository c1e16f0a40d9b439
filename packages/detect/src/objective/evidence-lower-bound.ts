import { adam, add, divide, multiply, reduceSum, reshape, splitParameters } from '@unlikely/graph';
import type { ParameterLayout, Tensor, TrainingObjective } from '@unlikely/graph';
import type { Posterior } from './posterior.ts';
import { klToPrior } from './kl-to-prior.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** What the objective needs to know of a model, whatever it is of. */
export interface Trained {
  readonly layout: ParameterLayout;
  readonly parameterCount: number;
  /** Networks that are trained at once. */
  readonly members: number;
  readonly latentSize: number;
  /** False for a plain autoencoder. */
  readonly variational: boolean;
  /** Of the gradient of one member. */
  readonly maximumGradientNorm: number;
}

/** The networks of a kind of input, and what they say of a minibatch. */
export interface Symbols {
  /** The tensors of a minibatch but the noise, [members, batchRows, …], without the first axis for one member. */
  readonly batch: TrainingObjective['batch'];
  /** Where they are made of others. */
  readonly prepare?: TrainingObjective['prepare'];
  /** q(z|x). */
  readonly encode: (parameters: Tensors, batch: Tensors) => Posterior;
  /** The code of a plain autoencoder. */
  readonly encodePoint: (parameters: Tensors, batch: Tensors) => Tensor;
  /** Σ −log p(x|z) over rows and members, a scalar; of a plain autoencoder the squared error. */
  readonly surprise: (parameters: Tensors, codes: Tensor, batch: Tensors) => Tensor;
}

/**
 * The negative evidence lower bound (Kingma & Welling 2014, equation 10, one sample z = μ + σ ε a
 * row): the mean over the batch of Σⱼ −log p(xⱼ|z) + β KL(q(z|x) ‖ N(0, I)), summed over members.
 * A plain autoencoder has the squared error alone.
 */
export function evidenceLowerBound(
  { layout, parameterCount, members, latentSize, variational, maximumGradientNorm }: Trained,
  { batch, prepare, encode, encodePoint, surprise }: Symbols,
  batchRows: number,
): TrainingObjective {
  const lead = members === 1 ? [batchRows] : [members, batchRows];
  const noise: TrainingObjective['batch'] = variational
    ? { noise: { shape: [...lead, latentSize] } }
    : {};
  return {
    parameterCount,
    parameterSizes: layout.map((slot) => slot.shape.reduce((product, size) => product * size, 1)),
    batch: { ...batch, ...noise },
    ...(prepare === undefined
      ? {}
      : {
          prepare: {
            inputs: { ...prepare.inputs, ...noise },
            build: (inputs) => ({
              ...prepare.build(inputs),
              ...(variational ? { noise: inputs['noise']! } : {}),
            }),
          },
        }),
    scheduled: variational ? ['klWeight'] : [],
    optimiser: adam(),
    maximumGradientNorm: maximumGradientNorm * members,
    build: (theta, inputs, { klWeight }) => {
      const parameters = splitParameters(theta, layout);
      const reconstructionOf = (codes: Tensor): Tensor =>
        divide(surprise(parameters, codes, inputs), batchRows);
      if (!variational) {
        const reconstruction = reconstructionOf(encodePoint(parameters, inputs));
        return {
          loss: reconstruction,
          metrics: { reconstruction: divide(reconstruction, members) },
        };
      }
      const { mean, logVariance, deviation } = encode(parameters, inputs);
      const reconstruction = reconstructionOf(add(mean, multiply(deviation, inputs['noise']!)));
      const variance = multiply(deviation, deviation);
      const kl = divide(reduceSum(klToPrior(mean, logVariance, variance)), batchRows);
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
