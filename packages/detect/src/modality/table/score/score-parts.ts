import {
  add,
  divide,
  exp,
  multiply,
  reduceMean,
  reduceSum,
  subtract,
  unsqueeze,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { aggregateGap } from '../../../score/aggregate-posterior.ts';
import type { StoredCodes } from '../../../score/aggregate-posterior.ts';
import { klToPrior } from '../../../objective/kl-to-prior.ts';
import { exactLogSumExp, exactSum } from '../../../score/exact-sum.ts';
import type { PlainScoreKind } from '../score-kind.ts';

/** What a score is made of. E members, L latent points, G features in block order. */
export interface ScoreParts {
  /** −log p(x_j | z_l), [E, L, rows, G]. */
  readonly surprise: Tensor;
  /** (x_j − m_j)², [E, L, rows, G]. */
  readonly squaredError: Tensor;
  readonly points: number;
  /** The codes z_l, [E, L, rows, Z], with the posterior they come from, [E, rows, Z]. */
  readonly codes: Tensor;
  readonly mean: Tensor;
  readonly logVariance: Tensor;
  readonly deviation: Tensor;
  readonly storedCodes: StoredCodes | undefined;
}

/** A score as the sum of what each feature and the code contribute. */
export interface ScoreTerms {
  /** Of each member, [E, rows, G]. */
  readonly features: Tensor;
  /** The latent share of each member, [E, rows]. */
  readonly latent: Tensor;
  /**
   * The score as each draw alone sees it, [E, P, rows], for its standard error. P is 1 where the
   * latent points play no part. The slopes are those of the contribution limit (delta method), for
   * features [E, 1, rows, G] and for the latent share [E, 1, rows].
   */
  readonly draws: (slope: Tensor, latentSlope: Tensor) => Tensor;
  /** Whether features are evidence in nats, which the contribution limit applies to. */
  readonly nats: boolean;
}

/** Over the last axis: latent units or features. */
const exactly = (x: Tensor): Tensor => exactSum(x, -1);

/** [E, rows, Z] → [E, 1, rows, Z], beside the latent points. */
const overPoints = (x: Tensor): Tensor => unsqueeze(x, 1);
/** [E, rows] → [E, 1, rows]. */
const overPoint = (x: Tensor): Tensor => unsqueeze(x, 1);
/** [E, L, rows, G] → [E, rows, G]. */
const meanOverPoints = (x: Tensor): Tensor => reduceMean(x, { axes: [1] });

/** Surprise and a latent share of each member, [E, rows]. */
function bound({ surprise }: ScoreParts, latent: Tensor): ScoreTerms {
  return {
    features: meanOverPoints(surprise),
    latent,
    draws: (slope, latentSlope) =>
      add(exactly(multiply(surprise, slope)), multiply(overPoint(latent), latentSlope)),
    nats: true,
  };
}

const noShare = (parts: ScoreParts): Tensor => multiply(reduceSum(parts.mean, { axes: [-1] }), 0);

/** The closed table of plain scores. */
export const scores: { readonly [K in PlainScoreKind]: (parts: ScoreParts) => ScoreTerms } = {
  /** −E_q[log p(x|z)] by L points (An & Cho 2015, algorithm 4, with the sign turned). */
  'reconstruction-probability': (parts) => ({
    features: meanOverPoints(parts.surprise),
    latent: noShare(parts),
    draws: (slope) => exactly(multiply(parts.surprise, slope)),
    nats: true,
  }),
  /** The negative evidence lower bound: reconstruction probability plus KL to the prior. */
  elbo: (parts) => {
    const variance = multiply(parts.deviation, parts.deviation);
    return bound(parts, klToPrior(parts.mean, parts.logVariance, variance, exactly));
  },
  /** The bound with the prior replaced by the aggregate posterior of stored training rows. */
  'aggregate-elbo': (parts) => bound(parts, aggregateGap(parts)),
  /** The importance-weighted bound of L points (Burda et al. 2016, equation 8). */
  iwae: (parts) => {
    const { codes, mean, deviation, logVariance, surprise, points } = parts;
    const standard = divide(subtract(codes, overPoints(mean)), overPoints(deviation));
    // log p(z) − log q(z|x); the constants of the two Gaussians cancel.
    const ratio = multiply(
      exactly(
        subtract(
          add(multiply(standard, standard), overPoints(logVariance)),
          multiply(codes, codes),
        ),
      ),
      0.5,
    );
    const logWeights = subtract(ratio, exactly(surprise));
    const logSum = exactLogSumExp(logWeights, 1);
    const total = subtract(Math.log(points), logSum);
    const weights = exp(subtract(logWeights, overPoint(logSum)));
    const weighted = multiply(surprise, unsqueeze(weights, -1));
    const features = reduceSum(weighted, { axes: [1] });
    return {
      features,
      latent: subtract(total, exactly(features)),
      // What one point adds to −log mean w, to first order: 1 − w/mean w.
      draws: () => add(overPoint(total), subtract(1, multiply(weights, points))),
      nats: true,
    };
  },
  /** Squared distance to the reconstruction in standardised units. */
  'reconstruction-error': (parts) => ({
    features: meanOverPoints(parts.squaredError),
    latent: noShare(parts),
    draws: () => exactly(parts.squaredError),
    nats: false,
  }),
  /** How far the code lies from those of normal rows: the gap of the aggregate bound alone. */
  latent: (parts) => {
    const gap = aggregateGap(parts);
    return {
      features: multiply(meanOverPoints(parts.squaredError), 0),
      latent: gap,
      draws: (_, latentSlope) => multiply(overPoint(gap), latentSlope),
      nats: true,
    };
  },
};
