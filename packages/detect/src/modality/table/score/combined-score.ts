import {
  abs,
  add,
  cast,
  concat,
  constant,
  divide,
  exp,
  isNaN,
  log,
  maximum,
  multiply,
  negate,
  power,
  reciprocal,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  sqrt,
  subtract,
  unsqueeze,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { indicatorPowers } from '../likelihood/indicator-powers.ts';
import { limitContributions, limitSlope } from './contribution-limit.ts';
import { evidenceKinds } from './evidence.ts';
import { fieldOwners, toFeatures, toFields } from './field-sums.ts';
import { robustDistance } from './robust-distance.ts';
import { scores } from './score-parts.ts';
import type { ScoredRows, ScoreInput } from './scored-rows.ts';
import { standardError } from './standard-error.ts';

/**
 * Nats beyond which the distance of one field counts by its logarithm only: a rare category is many
 * deviations away from every row without it, and would make normal rows with one far from all others.
 */
const neighbourLimit = 4;

/** Ranges above −offset at which evidence begins to count: below the median of normal rows. */
const offset = 2;

/**
 * Three kinds of evidence on one scale. Of a row x there are, in nats,
 *
 *     e₁ = E_q[−log p(x|z)]                            reconstruction probability (An & Cho 2015)
 *     e₂ = E_q[−log q_agg(z)] − H(q(z|x))              its code among those of stored rows
 *     e₃ = ½‖x − x_n‖², limited field by field         the nearest stored row: −log N(x; x_n, I) + const
 *
 * and of each the median m and the range r (median to 90 % quantile) among normal rows that the
 * networks did not see. The score is
 *
 *     s = r₁ ‖u‖₄ with u_i = softplus((e_i − m_i)/r_i + 2):
 *
 * about the greatest of the three where one stands out, and more than each where they agree. Evidence
 * that scatters widely among unseen normal rows, because the table drifts or the networks
 * learnt by heart, has a large range and so counts for less.
 *
 * s is homogeneous in u, so the slopes w_i = ∂s/∂e_i share it out: a field's contribution is
 * w₁ and w₃ times what it adds to e₁ and e₃ beyond a normal row, the latent share w₂ (e₂ − m₂), and the
 * usual share is what is left.
 *
 * Where the training rows may hold anomalies (`robust`), the networks learn some of them. There the
 * distance from the bulk is added as it is, on no scale of theirs.
 */
export function combinedScore(
  { core, parts, order, rows, x, filled, nearest, evidence }: ScoreInput,
  kind: 'combined' | 'robust',
): ScoredRows {
  const { scale, gaussian } = evidence!;
  const limit = core.configuration.contributionLimit;
  const width = core.fields.length;
  const missing = isNaN(rows);
  const usual = constant(scale.usual, { shape: [2, width], name: 'usual_evidence' });
  const usualOf = (part: number): Tensor => reshape(slice(usual, part, part + 1, 0), [width]);
  const overMembers = (tensor: Tensor): Tensor => reduceMean(tensor, { axes: [0] });

  const surprise = scores['reconstruction-probability'](parts);
  const code = scores.latent(parts);
  const owners = fieldOwners(order, core, indicatorPowers(core.blocks, core.features));
  const own = toFields(surprise.features, owners);
  const reconstruction = where(missing, usualOf(0), overMembers(limitContributions(own, limit)));
  const latent = overMembers(limitContributions(code.latent, limit));
  const difference = subtract(x, nearest!);
  const inPlace = fieldOwners([...core.features.keys()], core);
  const distances = toFields(multiply(multiply(difference, difference), 0.5), inPlace);
  const neighbour = where(missing, usualOf(1), limitContributions(distances, neighbourLimit));

  const total = (perField: Tensor): Tensor =>
    reduceSum(cast(perField, 'float64'), { axes: [1], keepDimensions: true });
  const found = concat(
    [total(reconstruction), unsqueeze(cast(latent, 'float64'), 1), total(neighbour)],
    1,
  );
  const range = constant(scale.range, { shape: [2, evidenceKinds.length], name: 'evidence_range' });
  const [medians, ranges] = [0, 1].map((part) =>
    cast(reshape(slice(range, part, part + 1, 0), [evidenceKinds.length]), 'float64'),
  ) as [Tensor, Tensor];
  const unit = cast(slice(reshape(range, [2 * evidenceKinds.length]), 3, 4, 0), 'float64');
  const scaled = add(divide(subtract(found, medians), ranges), offset);
  const counted = softplus(scaled);
  const squares = multiply(counted, counted);
  const norm = sqrt(
    sqrt(reduceSum(multiply(squares, squares), { axes: [1], keepDimensions: true })),
  );
  const weighed = reshape(multiply(norm, unit), ['rows']);
  const distance =
    kind === 'robust' && gaussian !== undefined
      ? robustDistance(core, rows, filled, gaussian)
      : undefined;
  const whole = distance === undefined ? weighed : add(weighed, distance.whole);
  const slopes = multiply(
    multiply(power(divide(counted, norm), 3), sigmoid(scaled)),
    divide(unit, ranges),
  );
  const slopeOf = (kind: number): Tensor => cast(slice(slopes, kind, kind + 1, 1), 'float32');

  const byEvidence = add(
    multiply(subtract(reconstruction, usualOf(0)), slopeOf(0)),
    multiply(subtract(neighbour, usualOf(1)), slopeOf(2)),
  );
  const contribution = distance === undefined ? byEvidence : add(byEvidence, distance.contribution);
  const latentShare = cast(
    reshape(multiply(slice(subtract(found, medians), 1, 2, 1), slice(slopes, 1, 2, 1)), ['rows']),
    'float32',
  );
  const shared = add(
    reduceSum(cast(contribution, 'float64'), { axes: [1] }),
    cast(latentShare, 'float64'),
  );
  const usualShare = cast(subtract(whole, shared), 'float32');

  const asRow = (kind: number): Tensor => reshape(slopeOf(kind), ['rows']);
  const featureSlope = unsqueeze(toFeatures(limitSlope(own, limit), owners), 1);
  const latentSlope = unsqueeze(limitSlope(code.latent, limit), 1);
  const draws = add(
    multiply(surprise.draws(featureSlope, latentSlope), asRow(0)),
    multiply(code.draws(featureSlope, latentSlope), asRow(1)),
  );
  return {
    score: add(shared, cast(usualShare, 'float64')),
    standardError: cast(standardError(draws), 'float64'),
    contribution,
    latentShare,
    usualShare,
    further: {
      evidence: found,
      reconstruction_evidence: reconstruction,
      neighbour_evidence: neighbour,
    },
  };
}

/** In double, for which the operator has no kernel. */
function softplus(x: Tensor): Tensor {
  return add(maximum(x, 0), log(add(exp(negate(abs(x))), 1)));
}

/** The slope of the softplus. */
function sigmoid(x: Tensor): Tensor {
  return reciprocal(add(exp(negate(x)), 1));
}
