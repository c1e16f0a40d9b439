import {
  add,
  cast,
  constant,
  divide,
  gather,
  input,
  isNaN,
  log,
  makeGraph,
  matMul,
  multiply,
  optimise,
  quasiNormal,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  slice,
  splitParameters,
  sqrt,
  subtract,
  transpose,
  unsqueeze,
  where,
} from '@unlikely/graph';
import type { Graph, Tensor } from '@unlikely/graph';
import { standardise } from '../column/standardise.ts';
import { blockOrder, featureMoments, negativeLogLikelihoods } from '../likelihood/blocks.ts';
import { indicatorPowers } from '../likelihood/indicator-powers.ts';
import type { ModelCore } from '../model-core.ts';
import { fillMissing } from '../network/fill-missing.ts';
import { decode, encode, encodePoint } from '../network/network.ts';
import { predictFields } from './predict-fields.ts';
import { scores } from './score-parts.ts';
import type { StoredCodes } from './score-parts.ts';

export interface ScoringInput {
  readonly core: ModelCore;
  readonly theta: Float32Array;
  readonly storedCodes: StoredCodes | undefined;
  /** What a missing value contributes: the mean contribution of its field among normal rows. */
  readonly neutral: Float32Array;
  /** Rows have no missing values, so that nothing has to be filled; the same bits at half the work. */
  readonly complete?: boolean;
}

/** The outputs of a scoring program, in this order. */
export const scoringOutputs = [
  'score',
  'standard_error',
  'contribution',
  'latent_share',
  'expected',
  'lower',
  'upper',
  'code',
] as const;

/**
 * The program of a model file: `rows` float64 [rows, fields] (encoded, NaN where missing) →
 * - `score` float64 [rows], exactly the sum of the two next: float32 numbers added in double;
 * - `contribution` float32 [rows, fields] and `latent_share` float32 [rows];
 * - `standard_error` float64 [rows] of the score over latent points and members, 0 for one point;
 * - `expected`, `lower`, `upper` float64 [rows, fields], the mean and 90 % interval in the units of
 *   the encoded row; of a field with categories the most probable one, three times;
 * - `code` float32 [rows, latentSize], the mean code of the first member.
 *
 * The latent points are a fixed quasi-random set, the same for every row.
 */
export function scoringProgram({
  core,
  theta,
  storedCodes,
  neutral,
  complete = false,
}: ScoringInput): Graph {
  const { shape, fields, features, blocks, configuration } = core;
  const rows = input('rows', ['rows', fields.length], 'float64');
  const { features: x, present } = standardise(rows, features);
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);

  const filled = complete ? x : fillMissing(core, parameters, x, present);
  const posterior = shape.variational ? encode(shape, parameters, filled) : undefined;
  const mean = withMembers(posterior?.mean ?? encodePoint(shape, parameters, filled));
  const points = Math.max(1, configuration.samples);
  const deviation = posterior === undefined ? undefined : withMembers(posterior.deviation);
  const codes =
    configuration.samples === 0 || deviation === undefined
      ? unsqueeze(mean, 1)
      : add(
          unsqueeze(mean, 1),
          multiply(unsqueeze(deviation, 1), latentPoints(points, shape.latentSize)),
        );
  const decoded = decode(shape, besidePoints(parameters, shape.members), codes);

  const surprise = negativeLogLikelihoods(blocks, features, decoded, x, configuration, present);
  const moments = featureMoments(blocks, features, decoded, configuration);
  const order = blockOrder(blocks);
  const error = multiply(subtract(inOrder(x, order), moments.mean), inOrder(present, order));
  const terms = scores[configuration.score]({
    surprise,
    squaredError: multiply(error, error),
    points,
    codes,
    mean,
    logVariance: posterior === undefined ? multiply(mean, 0) : withMembers(posterior.logVariance),
    deviation: deviation ?? multiply(mean, 0),
    storedCodes,
  });

  // Each member and field alone, so that neither a member that is far off nor a field with many
  // categories can outvote the others; the code likewise.
  const limit = terms.nats ? configuration.contributionLimit : Infinity;
  const owners = fieldOwners(
    order,
    core,
    terms.nats ? indicatorPowers(blocks, features) : undefined,
  );
  const own = toFields(terms.features, owners);
  const overMembers = (tensor: Tensor): Tensor => reduceMean(tensor, { axes: [0] });
  const perField = overMembers(limitContributions(own, limit));
  const contribution = where(isNaN(rows), constant(neutral, { name: 'neutral' }), perField);
  const latentShare = overMembers(limitContributions(terms.latent, limit));
  const score = add(
    reduceSum(cast(contribution, 'float64'), { axes: [1] }),
    cast(latentShare, 'float64'),
  );
  const draws = terms.draws(
    unsqueeze(toFeatures(limitSlope(own, limit), owners), 1),
    unsqueeze(limitSlope(terms.latent, limit), 1),
  );
  return optimise(
    makeGraph('scoring', [rows], {
      score,
      standard_error: cast(standardError(draws), 'float64'),
      contribution,
      latent_share: latentShare,
      ...predictFields(core, order, moments),
      code: reshape(slice(mean, 0, 1, 0), ['rows', shape.latentSize]),
    }),
  );
}

/** [rows, …] → [members, rows, …] where there is one member. */
function withMembers(x: Tensor): Tensor {
  return x.shape.length === 2 ? unsqueeze(x, 0) : x;
}

function latentPoints(points: number, latentSize: number): Tensor {
  return constant(quasiNormal(points, latentSize), { shape: [points, 1, latentSize] });
}

/** Weights [members, inputs, outputs] get an axis for the latent points: [members, 1, inputs, outputs]. */
function besidePoints(
  parameters: Readonly<Record<string, Tensor>>,
  members: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [
      name,
      members === 1 ? tensor : unsqueeze(tensor, 1),
    ]),
  );
}

function inOrder(x: Tensor, order: readonly number[]): Tensor {
  return order.every((index, position) => index === position) ? x : gather(x, order, -1);
}

/**
 * c for what is below the limit, limit + log(1 + c − limit) above: strictly rising, so that no two
 * rows become equal, but nothing alone can outweigh all else.
 */
function limitContributions(x: Tensor, limit: number): Tensor {
  if (limit === Infinity) return x;
  const excess = relu(subtract(x, limit));
  return add(subtract(x, excess), log(add(excess, 1)));
}

/** The slope of the limit at x. */
function limitSlope(x: Tensor, limit: number): Tensor {
  if (limit === Infinity) return add(multiply(x, 0), 1);
  return divide(1, add(relu(subtract(x, limit)), 1));
}

/**
 * Which field each feature in block order belongs to, as a matrix [G, fields] of zeros and of the
 * powers of the features, 1 where there are none.
 */
function fieldOwners(
  order: readonly number[],
  { fields, features }: ModelCore,
  powers?: Float32Array,
): Tensor | undefined {
  const owners = order.map((index) => features[index]!.field);
  const inPlace = owners.every((field, index) => field === index);
  if (owners.length === fields.length && inPlace) return undefined;
  const matrix = new Float32Array(owners.length * fields.length);
  owners.forEach((field, index) => {
    matrix[index * fields.length + field] = powers?.[order[index]!] ?? 1;
  });
  return constant(matrix, { shape: [owners.length, fields.length] });
}

/** [E, rows, G] → its weighted sums over the features of each field, [E, rows, fields]. */
function toFields(x: Tensor, owners: Tensor | undefined): Tensor {
  return owners === undefined ? x : matMul(x, owners);
}

/** [E, rows, fields] → the value of each feature's field times its weight, [E, rows, G]. */
function toFeatures(x: Tensor, owners: Tensor | undefined): Tensor {
  return owners === undefined ? x : matMul(x, transpose(owners, [1, 0]));
}

/** The standard error of the mean over the n draws [members, points, rows], s/√n; 0 for one draw. */
function standardError(draws: Tensor): Tensor {
  const [members, points] = draws.shape as [number, number, ...unknown[]];
  const count = members * points;
  if (count === 1) return multiply(reduceMean(draws, { axes: [0, 1] }), 0);
  const deviation = subtract(draws, reduceMean(draws, { axes: [0, 1], keepDimensions: true }));
  // Not one operator: it fuses product and sum for some positions of a row and not for others.
  const squares = reduceSum(multiply(deviation, deviation), { axes: [0, 1] });
  const variance = divide(squares, (count - 1) * count);
  return sqrt(variance);
}
