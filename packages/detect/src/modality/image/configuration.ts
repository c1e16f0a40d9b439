// Written by `npm run settings` from the parameters; a change is made there.

/** Everything that decides what a model is; the defaults are those of `defaultImageConfiguration`. */
export interface ImageConfiguration {
  /**
   * `variational`: encoder and decoder give distributions; `autoencoder`: squared error, no KL.
   * Default variational.
   */
  readonly model: 'variational' | 'autoencoder';
  /**
   * What the decoder says of a pixel; the plain autoencoder always has the squared error.
   * Default gaussian.
   */
  readonly likelihood: 'gaussian' | 'bernoulli' | 'discretised-logistic';
  /**
   * Channels of the first convolution; they double with each halving of the resolution, up to
   * 64. Default 16.
   */
  readonly channels: number;
  /** Units of the dense layers beside the code. Default 128. */
  readonly hiddenSize: number;
  /** Numbers in the latent code. Default 16. */
  readonly latentSize: number;
  /** Optimisation steps. Default 2000. */
  readonly steps: number;
  /**
   * Rows or images that a network takes a step, drawn with replacement; fewer where there are
   * fewer. Where not chosen 64 for more than 32 × 32 pixels and 32 for more than 64 × 64.
   * Default 128.
   */
  readonly batchSize: number;
  /** Peak of the schedule: 50 steps of warm-up, then a cosine down to 2 %. Default 0.002. */
  readonly learningRate: number;
  /** Weight of the KL term once warmed up. Default 1. */
  readonly beta: number;
  /** Share of the steps over which the weight of the KL term rises from 0. Default 0.3. */
  readonly klWarmUp: number;
  /**
   * Largest norm of the gradient of a network; of an ensemble it is this times `members`.
   * Default 100.
   */
  readonly maximumGradientNorm: number;
  /**
   * Smallest standard deviation of a Gaussian, in standard deviations of the pixels. Default
   * 0.1.
   */
  readonly deviationFloor: number;
  /** Share of the training images of which a part is hidden from the encoder. Default 0.85. */
  readonly hiddenShare: number;
  /** How images are scored; `chosen` lets the injected anomalies decide. Default chosen. */
  readonly score:
    | 'chosen'
    | 'reconstruction-probability'
    | 'elbo'
    | 'reconstruction-error'
    | 'structural-similarity'
    | 'latent'
    | 'masked-error'
    | 'nearest-image'
    | 'complexity-corrected'
    | 'typicality';
  /**
   * Latent points an image that the likelihood averages over; 0 is the posterior mean alone.
   * Default 2.
   */
  readonly samples: number;
  /**
   * Training images that are stored small with the model: the nearest of them is evidence of its
   * own. Fewer where they would be more than 2 MB. With 0 the model keeps nothing of single
   * images, neither their pixels nor codes nor hashes. Default 2000.
   */
  readonly storedImages: number;
  /** Training images whose codes make up the aggregate posterior. Default 1000. */
  readonly codes: number;
  /** Added to the variance of a stored code. Default 0.01. */
  readonly codeVariance: number;
  /**
   * Share of the normal images that the networks do not see and that calibrate the p-values.
   * Default 0.1.
   */
  readonly calibrationShare: number;
  /** Same seed, same rows, same machine: same model. Default 1. */
  readonly seed: number;
}
