import {
  add,
  cast,
  constant,
  isNaN,
  multiply,
  reduceMean,
  reduceSum,
  unsqueeze,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { indicatorPowers } from '../likelihood/indicator-powers.ts';
import { limitContributions, limitSlope } from './contribution-limit.ts';
import { fieldOwners, toFeatures, toFields } from './field-sums.ts';
import type { PlainScoreKind } from '../score-kind.ts';
import { scores } from './score-parts.ts';
import type { ScoredRows, ScoreInput } from './scored-rows.ts';
import { standardError } from './standard-error.ts';

/** The mean over the members of what each field and the code add, each of them limited. */
export function plainScore(
  { core, parts, order, rows, neutral }: ScoreInput,
  kind: PlainScoreKind,
): ScoredRows {
  const terms = scores[kind](parts);
  // Each member and field alone, so that neither a member that is far off nor a field with many
  // categories can outvote the others; the code likewise.
  const limit = terms.nats ? core.configuration.contributionLimit : Infinity;
  const powers = terms.nats ? indicatorPowers(core.blocks, core.features) : undefined;
  const owners = fieldOwners(order, core, powers);
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
  return {
    score,
    standardError: cast(standardError(draws), 'float64'),
    contribution,
    latentShare,
    usualShare: multiply(latentShare, 0),
    further: {},
  };
}
