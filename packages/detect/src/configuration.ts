import type { ScoreKind } from './score/score-kind.ts';

/** How a kind of column is modelled; see `likelihood/`. */
export interface ColumnLikelihoods {
  readonly numeric: 'gaussian';
  readonly count: 'gaussian' | 'poisson' | 'negative-binomial';
  readonly binary: 'gaussian' | 'bernoulli';
  readonly categorical: 'gaussian' | 'categorical';
}

/** Everything that decides what a model is, with one written default for each (`defaultConfiguration`). */
export interface Configuration {
  /** `variational`: encoder and decoder give distributions; `autoencoder`: squared error, no KL. */
  readonly model: 'variational' | 'autoencoder';
  /** Widths of the encoder's hidden layers, from the input on. */
  readonly encoderSizes: readonly number[];
  /** Widths of the decoder's hidden layers; the encoder's reversed where absent. */
  readonly decoderSizes?: readonly number[];
  /** Numbers in the latent code of a row; an eighth of the features where not chosen, from 4 to 8 up to 128 of them. */
  readonly latentSize: number;
  /** Networks trained at once from different starts; their scores are averaged. */
  readonly members: number;
  /** Optimisation steps; each member takes `batchSize` rows a step. */
  readonly steps: number;
  /** Rows a step and member, drawn with replacement; fewer where the table has fewer. */
  readonly batchSize: number;
  /** Peak of the schedule: 50 steps of warm-up, then a cosine down to 2 %. */
  readonly learningRate: number;
  /** Weight of the KL term once warmed up. */
  readonly beta: number;
  /** Share of the steps over which the weight of the KL term rises from 0. */
  readonly klWarmUp: number;
  /** Largest norm of the gradient for each member; of the whole ensemble it is this times `members`. */
  readonly maximumGradientNorm: number;
  /** Smallest standard deviation of a Gaussian, in standard deviations of its column. */
  readonly deviationFloor: number;
  readonly likelihoods: ColumnLikelihoods;
  /** Nats beyond which the evidence of one field, or of the code, counts only by its logarithm; keeps it from drowning all else. */
  readonly contributionLimit: number;
  /**
   * Takes log(1 + x) of columns without negative values whose maximum lies this many deviations above the
   * mean: amounts, counts, sizes. 1e300 never does.
   */
  readonly logarithmBeyond: number;
  readonly score: ScoreKind;
  /** Latent points a row and member that the score averages over; 0 is the posterior mean alone. */
  readonly samples: number;
  /**
   * Training rows that are stored with the model: the nearest of them is evidence of its own. Fewer
   * where they would be more than 200,000 numbers. With 0 the model keeps nothing of single rows, neither
   * their numbers nor codes nor hashes, and the default score is the ELBO.
   */
  readonly storedRows: number;
  /** Of the stored rows, those whose codes make up the aggregate posterior. */
  readonly codes: number;
  /** Added to the variance of a stored code. */
  readonly codeVariance: number;
  /**
   * Share of the sampled training rows that stand for normal ones, as stored codes and in what a
   * missing value contributes: those with the lowest negative ELBO. Below 1 where the training rows
   * may hold anomalies.
   */
  readonly referenceShare: number;
  /** Share of the normal rows that the networks do not see and that calibrate the p-values. */
  readonly calibrationShare: number;
  /**
   * Share of the training rows, a block in their order, that a member of the ensemble leaves out and
   * that the scales of the evidence are measured on. Blocks and not random rows: they show what
   * drifts with the order of the table.
   */
  readonly foldShare: number;
  /** Stops when the held-out loss has not improved for this many checks; off where absent. */
  readonly earlyStopping?: { readonly patience: number };
  readonly seed: number;
}

export const defaultConfiguration: Configuration = {
  model: 'variational',
  encoderSizes: [64, 32],
  latentSize: 8,
  members: 3,
  steps: 1500,
  batchSize: 128,
  learningRate: 0.005,
  beta: 1,
  klWarmUp: 0.3,
  maximumGradientNorm: 20,
  deviationFloor: 0.03,
  likelihoods: {
    numeric: 'gaussian',
    count: 'gaussian',
    binary: 'gaussian',
    categorical: 'gaussian',
  },
  contributionLimit: 30,
  logarithmBeyond: 5,
  score: 'combined',
  samples: 4,
  storedRows: 20_000,
  codes: 512,
  codeVariance: 0.01,
  referenceShare: 1,
  calibrationShare: 0.1,
  foldShare: 1 / 6,
  seed: 1,
};
