import type { Configuration } from './configuration.ts';
import { scoreKinds } from './score-kind.ts';
import { withDefaults } from '../../parameter/parameter.ts';
import type { Parameters, Shape } from '../../parameter/parameter.ts';
import { share, sharedParameters } from '../../parameter/shared-parameters.ts';

/** How a kind of column is modelled; see `likelihood/`. */
export type ColumnLikelihoods = Configuration['likelihoods'];

/** What is used where nothing else is chosen, for tables and matrices. */
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

const widths: Shape = {
  type: 'array',
  maxItems: 8,
  items: { type: 'integer', minimum: 1, maximum: 4096 },
};
const shapes = sharedParameters;

/** The parameters of a model of tables. */
export const tableParameters: Parameters<Configuration> = withDefaults<Configuration>(
  {
    model: shapes.model,
    encoderSizes: {
      ...widths,
      description:
        'Widths of the hidden layers of the encoder, from the input on; for more than 128 features wider where not chosen.',
    },
    decoderSizes: {
      ...widths,
      description:
        'Widths of the hidden layers of the decoder; those of the encoder reversed where absent.',
    },
    latentSize: {
      ...shapes.latentSize,
      description:
        'Numbers in the latent code of a row; an eighth of the features where not chosen, from 4 to 8 up to 128 of them.',
    },
    members: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      description: 'Networks trained at once from different starts; their scores are averaged.',
    },
    steps: shapes.steps,
    batchSize: shapes.batchSize,
    learningRate: shapes.learningRate,
    beta: shapes.beta,
    klWarmUp: shapes.klWarmUp,
    maximumGradientNorm: shapes.maximumGradientNorm,
    deviationFloor: {
      type: 'number',
      minimum: 1e-3,
      maximum: 1,
      description:
        'Smallest standard deviation of a Gaussian, in standard deviations of its column.',
      unit: 'standard deviations',
    },
    likelihoods: {
      type: 'object',
      properties: {
        numeric: { enum: ['gaussian'] },
        count: { enum: ['gaussian', 'poisson', 'negative-binomial'] },
        binary: { enum: ['gaussian', 'bernoulli'] },
        categorical: { enum: ['gaussian', 'categorical'] },
      },
      description: 'How each kind of column is modelled.',
    },
    contributionLimit: {
      type: 'number',
      minimum: 1,
      maximum: 1e6,
      description:
        'Nats beyond which the evidence of one field, or of the code, counts only by its logarithm; keeps it from drowning all else.',
      unit: 'nats',
    },
    logarithmBeyond: {
      type: 'number',
      minimum: 0,
      maximum: 1e300,
      description:
        'Takes log(1 + x) of columns without negative values whose maximum lies this many deviations above the mean: amounts, counts, sizes. 1e300 never does.',
      unit: 'standard deviations',
    },
    score: { enum: scoreKinds, description: 'How rows are scored.' },
    samples: {
      type: 'integer',
      minimum: 0,
      maximum: 1024,
      description:
        'Latent points a row and member that the score averages over; 0 is the posterior mean alone.',
    },
    storedRows: {
      type: 'integer',
      minimum: 0,
      maximum: 100_000,
      description:
        'Training rows that are stored with the model: the nearest of them is evidence of its own. Fewer where they would be more than 200,000 numbers. With 0 the model keeps nothing of single rows, neither their numbers nor codes nor hashes, and the default score is the ELBO.',
    },
    codes: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      description: 'Of the stored rows, those whose codes make up the aggregate posterior.',
    },
    codeVariance: shapes.codeVariance,
    referenceShare: {
      type: 'number',
      minimum: 0.05,
      maximum: 1,
      description:
        'Share of the sampled training rows that stand for normal ones, as stored codes and in what a missing value contributes: those with the lowest negative ELBO. Below 1 where the training rows may hold anomalies.',
      unit: 'share',
    },
    calibrationShare: {
      ...share,
      maximum: 0.9,
      description:
        'Share of the normal rows that the networks do not see and that calibrate the p-values.',
      unit: 'share',
    },
    foldShare: {
      type: 'number',
      minimum: 0.01,
      maximum: 0.5,
      description:
        'Share of the training rows, a block in their order, that a member of the ensemble leaves out and that the scales of the evidence are measured on. Blocks and not random rows: they show what drifts with the order of the table.',
      unit: 'share',
    },
    earlyStopping: {
      type: 'object',
      properties: { patience: { type: 'integer', minimum: 1, maximum: 1000 } },
      description:
        'Stops when the held-out loss has not improved for this many checks; off where absent.',
    },
    seed: shapes.seed,
  },
  defaultConfiguration,
);
