// Written by `npm run settings` from the parameters; a change is made there.

/** Everything that decides what a model is; the defaults are those of `defaultConfiguration`. */
export interface Configuration {
  /**
   * `variational`: encoder and decoder give distributions; `autoencoder`: squared error, no KL.
   * Default variational.
   */
  readonly model: 'variational' | 'autoencoder';
  /**
   * Widths of the hidden layers of the encoder, from the input on; for more than 128 features
   * wider where not chosen. Default [64,32].
   */
  readonly encoderSizes: readonly number[];
  /** Widths of the hidden layers of the decoder; those of the encoder reversed where absent. */
  readonly decoderSizes?: readonly number[];
  /**
   * Numbers in the latent code of a row; an eighth of the features where not chosen, from 4 to 8
   * up to 128 of them. Default 8.
   */
  readonly latentSize: number;
  /** Networks trained at once from different starts; their scores are averaged. Default 3. */
  readonly members: number;
  /** Optimisation steps. Default 1500. */
  readonly steps: number;
  /**
   * Rows or images that a network takes a step, drawn with replacement; fewer where there are
   * fewer. Default 128.
   */
  readonly batchSize: number;
  /** Peak of the schedule: 50 steps of warm-up, then a cosine down to 2 %. Default 0.005. */
  readonly learningRate: number;
  /** Weight of the KL term once warmed up. Default 1. */
  readonly beta: number;
  /** Share of the steps over which the weight of the KL term rises from 0. Default 0.3. */
  readonly klWarmUp: number;
  /**
   * Largest norm of the gradient of a network; of an ensemble it is this times `members`.
   * Default 20.
   */
  readonly maximumGradientNorm: number;
  /**
   * Smallest standard deviation of a Gaussian, in standard deviations of its column. Default
   * 0.03.
   */
  readonly deviationFloor: number;
  /**
   * How each kind of column is modelled. Default
   * {"numeric":"gaussian","count":"gaussian","binary":"gaussian","categorical":"gaussian"}.
   */
  readonly likelihoods: {
    readonly numeric: 'gaussian';
    readonly count: 'gaussian' | 'poisson' | 'negative-binomial';
    readonly binary: 'gaussian' | 'bernoulli';
    readonly categorical: 'gaussian' | 'categorical';
  };
  /**
   * Nats beyond which the evidence of one field, or of the code, counts only by its logarithm;
   * keeps it from drowning all else. Default 30.
   */
  readonly contributionLimit: number;
  /**
   * Takes log(1 + x) of columns without negative values whose maximum lies this many deviations
   * above the mean: amounts, counts, sizes. 1e300 never does. Default 5.
   */
  readonly logarithmBeyond: number;
  /** How rows are scored. Default combined. */
  readonly score:
    | 'combined'
    | 'robust'
    | 'reconstruction-probability'
    | 'elbo'
    | 'aggregate-elbo'
    | 'iwae'
    | 'reconstruction-error'
    | 'latent';
  /**
   * Latent points a row and member that the score averages over; 0 is the posterior mean alone.
   * Default 4.
   */
  readonly samples: number;
  /**
   * Training rows that are stored with the model: the nearest of them is evidence of its own.
   * Fewer where they would be more than 200,000 numbers. With 0 the model keeps nothing of
   * single rows, neither their numbers nor codes nor hashes, and the default score is the ELBO.
   * Default 20000.
   */
  readonly storedRows: number;
  /** Of the stored rows, those whose codes make up the aggregate posterior. Default 512. */
  readonly codes: number;
  /** Added to the variance of a stored code. Default 0.01. */
  readonly codeVariance: number;
  /**
   * Share of the sampled training rows that stand for normal ones, as stored codes and in what a
   * missing value contributes: those with the lowest negative ELBO. Below 1 where the training
   * rows may hold anomalies. Default 1.
   */
  readonly referenceShare: number;
  /**
   * Share of the normal rows that the networks do not see and that calibrate the p-values.
   * Default 0.1.
   */
  readonly calibrationShare: number;
  /**
   * Share of the training rows, a block in their order, that a member of the ensemble leaves out
   * and that the scales of the evidence are measured on. Blocks and not random rows: they show
   * what drifts with the order of the table. Default 0.16666666666666666.
   */
  readonly foldShare: number;
  /** Stops when the held-out loss has not improved for this many checks; off where absent. */
  readonly earlyStopping?: { readonly patience: number };
  /** Same seed, same rows, same machine: same model. Default 1. */
  readonly seed: number;
}
