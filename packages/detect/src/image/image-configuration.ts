import type { ImageLikelihoodKind } from './image-likelihood.ts';
import type { ImageScoreKind } from './image-score-kind.ts';

/** Everything that decides what an image model is, with one written default for each. */
export interface ImageConfiguration {
  /** `variational`: encoder and decoder give distributions; `autoencoder`: squared error, no KL. */
  readonly model: 'variational' | 'autoencoder';
  /** What the decoder says of a pixel; the plain autoencoder always has the squared error. */
  readonly likelihood: Exclude<ImageLikelihoodKind, 'squared-error'>;
  /** Channels of the first convolution; they double with each halving of the resolution, up to 64. */
  readonly channels: number;
  /** Units of the dense layers beside the code. */
  readonly hiddenSize: number;
  /** Numbers in the latent code of an image. */
  readonly latentSize: number;
  /** Optimisation steps. */
  readonly steps: number;
  /** Images a step, drawn with replacement; fewer where there are fewer. */
  readonly batchSize: number;
  /** Peak of the schedule: 50 steps of warm-up, then a cosine down to 2 %. */
  readonly learningRate: number;
  /** Weight of the KL term once warmed up. */
  readonly beta: number;
  /** Share of the steps over which the weight of the KL term rises from 0. */
  readonly klWarmUp: number;
  readonly maximumGradientNorm: number;
  /** Smallest standard deviation of a Gaussian, in standard deviations of the pixels. */
  readonly deviationFloor: number;
  /** Share of the training images of which a part is hidden from the encoder. */
  readonly hiddenShare: number;
  /** How images are scored; `chosen` lets the injected anomalies decide. */
  readonly score: ImageScoreKind;
  /** Latent points an image that the likelihood averages over; 0 is the posterior mean alone. */
  readonly samples: number;
  /**
   * Training images that are stored small with the model: the nearest of them is evidence of its own. Fewer
   * where they would be more than 2 MB. With 0 the model keeps nothing of single images, neither their
   * pixels nor codes nor hashes.
   */
  readonly storedImages: number;
  /** Training images whose codes make up the aggregate posterior. */
  readonly codes: number;
  /** Added to the variance of a stored code. */
  readonly codeVariance: number;
  /** Share of the normal images that the networks do not see and that calibrate the p-values. */
  readonly calibrationShare: number;
  readonly seed: number;
}

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
