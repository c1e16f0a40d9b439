import {
  add,
  constant,
  gather,
  greater,
  input,
  makeGraph,
  multiply,
  optimise,
  quasiNormal,
  reshape,
  slice,
  splitParameters,
  subtract,
  unsqueeze,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { standardise } from '../column/standardise.ts';
import { blockOrder, featureMoments, negativeLogLikelihoods } from '../likelihood/blocks.ts';
import { fillMissing } from '../encode/fill-missing.ts';
import { decode, encode, encodePoint } from '../network/network.ts';
import { combinedScore } from './combined-score.ts';
import { nearestRow } from './nearest-row.ts';
import { plainScore } from './plain-score.ts';
import { predictFields } from './predict-fields.ts';
import type { Program } from '../../../score/program.ts';
import { weighsEvidence } from '../score-kind.ts';
import type { ScoreInput } from './scored-rows.ts';
import type { TrainedNetworks } from './trained-networks.ts';

export interface ScoringInput extends TrainedNetworks {
  /** What a missing value contributes to a plain score: the mean contribution of its field among normal rows. */
  readonly neutral: Float32Array;
  /** Rows have no missing values, so that nothing has to be filled; the same bits at half the work. */
  readonly complete?: boolean;
}

/** What comes out of a scoring program; `scoringProgram` says what each is. */
export interface ScoringOutputs {
  readonly score: Float64Array;
  readonly standard_error: Float64Array;
  readonly contribution: Float32Array;
  readonly latent_share: Float32Array;
  readonly usual_share: Float32Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly code: Float32Array;
}

/** Further ones, of the scores that weigh evidence. */
export interface EvidenceOutputs {
  readonly evidence: Float64Array;
  readonly reconstruction_evidence: Float32Array;
  readonly neighbour_evidence: Float32Array;
}

/** The outputs of every scoring program, in this order. */
export const scoringOutputs: readonly (keyof ScoringOutputs)[] = [
  'score',
  'standard_error',
  'contribution',
  'latent_share',
  'usual_share',
  'expected',
  'lower',
  'upper',
  'code',
];

/**
 * The program of a model file: `rows` float64 [rows, fields] (encoded, NaN where missing) →
 * - `score` float64 [rows], exactly the sum of the three next: float32 numbers added in double;
 * - `contribution` float32 [rows, fields], `latent_share` and `usual_share` float32 [rows]; the last is
 *   what a normal row has as well, and 0 where the score does not tell it apart;
 * - `standard_error` float64 [rows] of the score over latent points and members, 0 for one point;
 * - `expected`, `lower`, `upper` float64 [rows, fields], the mean and 90 % interval in the units of
 *   the encoded row; of a field with categories the most probable one, three times;
 * - `code` float32 [rows, latentSize], the mean code of the first member;
 * - of the scores that weigh evidence `evidence` float64 [rows, 3] in nats, and what each field adds to it,
 *   `reconstruction_evidence` and `neighbour_evidence` float32 [rows, fields].
 *
 * The latent points are a fixed quasi-random set, the same for every row.
 */
export function scoringProgram({
  core,
  theta,
  storedCodes,
  evidence,
  neutral,
  complete = false,
}: ScoringInput): Program<ScoringOutputs & EvidenceOutputs> {
  const { shape, fields, features, blocks, configuration } = core;
  const rows = input('rows', ['rows', fields.length], 'float64');
  const { features: x, present } = standardise(rows, features);
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);

  const { score: kind } = configuration;
  const nearest = weighsEvidence(kind)
    ? nearestRow(x, complete ? undefined : present, evidence!.storedRows)
    : undefined;
  const filled = complete
    ? x
    : nearest === undefined
      ? fillMissing(core, parameters, x, present)
      : // Values of a row that there was: what is expected of each alone may be a row that never is,
        // and its code far from all codes.
        where(greater(present, 0), x, nearest);
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
  const scored: ScoreInput = {
    core,
    order,
    rows,
    x,
    filled,
    nearest,
    neutral,
    evidence,
    parts: {
      surprise,
      squaredError: multiply(error, error),
      points,
      codes,
      mean,
      logVariance: posterior === undefined ? multiply(mean, 0) : withMembers(posterior.logVariance),
      deviation: deviation ?? multiply(mean, 0),
      storedCodes,
    },
  };
  const { score, standardError, contribution, latentShare, usualShare, further } = weighsEvidence(
    kind,
  )
    ? combinedScore(scored, kind)
    : plainScore(scored, kind);
  return optimise(
    makeGraph('scoring', [rows], {
      score,
      standard_error: standardError,
      contribution,
      latent_share: latentShare,
      usual_share: usualShare,
      ...predictFields(core, order, moments),
      code: reshape(slice(mean, 0, 1, 0), ['rows', shape.latentSize]),
      ...further,
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
