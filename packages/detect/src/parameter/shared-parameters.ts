import type { Shapes } from './parameter.ts';

/** Parameters that models of every kind have; kinds say their defaults, and more where it is needed. */
export interface SharedConfiguration {
  readonly model: unknown;
  readonly latentSize: unknown;
  readonly steps: unknown;
  readonly batchSize: unknown;
  readonly learningRate: unknown;
  readonly beta: unknown;
  readonly klWarmUp: unknown;
  readonly maximumGradientNorm: unknown;
  readonly codeVariance: unknown;
  readonly seed: unknown;
}

/** A share, both ends included. */
export const share = { type: 'number', minimum: 0, maximum: 1 } as const;

export const sharedParameters: Shapes<SharedConfiguration> = {
  model: {
    enum: ['variational', 'autoencoder'],
    description:
      '`variational`: encoder and decoder give distributions; `autoencoder`: squared error, no KL.',
  },
  latentSize: {
    type: 'integer',
    minimum: 1,
    maximum: 1024,
    description: 'Numbers in the latent code.',
  },
  steps: {
    type: 'integer',
    minimum: 1,
    maximum: 10_000_000,
    description: 'Optimisation steps.',
    unit: 'steps',
  },
  batchSize: {
    type: 'integer',
    minimum: 1,
    maximum: 65_536,
    description:
      'Rows or images that a network takes a step, drawn with replacement; fewer where there are fewer.',
  },
  learningRate: {
    type: 'number',
    minimum: 1e-8,
    maximum: 10,
    description: 'Peak of the schedule: 50 steps of warm-up, then a cosine down to 2 %.',
  },
  beta: {
    type: 'number',
    minimum: 0,
    maximum: 1000,
    description: 'Weight of the KL term once warmed up.',
  },
  klWarmUp: {
    ...share,
    description: 'Share of the steps over which the weight of the KL term rises from 0.',
    unit: 'share',
  },
  maximumGradientNorm: {
    type: 'number',
    minimum: 1e-6,
    maximum: 1e6,
    description:
      'Largest norm of the gradient of a network; of an ensemble it is this times `members`.',
  },
  codeVariance: {
    type: 'number',
    minimum: 0,
    maximum: 100,
    description: 'Added to the variance of a stored code.',
  },
  seed: {
    type: 'number',
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Same seed, same rows, same machine: same model.',
  },
};
