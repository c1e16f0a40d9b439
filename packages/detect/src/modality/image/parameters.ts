import { withDefaults } from '../../parameter/parameter.ts';
import type { Parameters } from '../../parameter/parameter.ts';
import { share, sharedParameters } from '../../parameter/shared-parameters.ts';
import type { ImageConfiguration } from './configuration.ts';
import { imageScoreKinds } from './score-kind.ts';

/** What is used where nothing else is chosen, for images. */
export const defaultImageConfiguration: ImageConfiguration = {
  model: 'variational',
  likelihood: 'gaussian',
  channels: 16,
  hiddenSize: 128,
  latentSize: 16,
  steps: 2000,
  batchSize: 128,
  learningRate: 0.002,
  beta: 1,
  klWarmUp: 0.3,
  maximumGradientNorm: 100,
  deviationFloor: 0.1,
  hiddenShare: 0.85,
  score: 'chosen',
  samples: 2,
  storedImages: 2000,
  codes: 1000,
  codeVariance: 0.01,
  calibrationShare: 0.1,
  seed: 1,
};

const shapes = sharedParameters;

/** The parameters of a model of images. */
export const imageParameters: Parameters<ImageConfiguration> = withDefaults<ImageConfiguration>(
  {
    model: shapes.model,
    likelihood: {
      enum: ['gaussian', 'bernoulli', 'discretised-logistic'],
      description:
        'What the decoder says of a pixel; the plain autoencoder always has the squared error.',
    },
    channels: {
      type: 'integer',
      minimum: 1,
      maximum: 256,
      description:
        'Channels of the first convolution; they double with each halving of the resolution, up to 64.',
    },
    hiddenSize: {
      type: 'integer',
      minimum: 1,
      maximum: 4096,
      description: 'Units of the dense layers beside the code.',
    },
    latentSize: shapes.latentSize,
    steps: shapes.steps,
    batchSize: {
      ...shapes.batchSize,
      description: `${shapes.batchSize.description} Where not chosen 64 for more than 32 × 32 pixels and 32 for more than 64 × 64.`,
    },
    learningRate: shapes.learningRate,
    beta: shapes.beta,
    klWarmUp: shapes.klWarmUp,
    maximumGradientNorm: shapes.maximumGradientNorm,
    deviationFloor: {
      type: 'number',
      minimum: 1e-3,
      maximum: 1,
      description:
        'Smallest standard deviation of a Gaussian, in standard deviations of the pixels.',
      unit: 'standard deviations',
    },
    hiddenShare: {
      ...share,
      description: 'Share of the training images of which a part is hidden from the encoder.',
      unit: 'share',
    },
    score: {
      enum: imageScoreKinds,
      description: 'How images are scored; `chosen` lets the injected anomalies decide.',
    },
    samples: {
      type: 'integer',
      minimum: 0,
      maximum: 64,
      description:
        'Latent points an image that the likelihood averages over; 0 is the posterior mean alone.',
    },
    storedImages: {
      type: 'integer',
      minimum: 0,
      maximum: 2000,
      description:
        'Training images that are stored small with the model: the nearest of them is evidence of its own. Fewer where they would be more than 2 MB. With 0 the model keeps nothing of single images, neither their pixels nor codes nor hashes.',
    },
    codes: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: 'Training images whose codes make up the aggregate posterior.',
    },
    codeVariance: shapes.codeVariance,
    calibrationShare: {
      ...share,
      maximum: 0.4,
      description:
        'Share of the normal images that the networks do not see and that calibrate the p-values.',
      unit: 'share',
    },
    seed: shapes.seed,
  },
  defaultImageConfiguration,
);
