/**
 * The share of scores beyond what their bulk predicts. Without clean rows the distribution of normal
 * scores is not known, so it is matched to the centre of the scores (the empirical null of Efron
 * 2004) and excess in the upper tail is counted against it (the proportion estimate of Storey 2002):
 *
 *     s = q₅₀ + A (e^{g z} − 1) / g,  z ~ N(0, 1)             Tukey's g, by the quartiles, g ≥ 0
 *     π = max over t of (#{p ≤ t} / n − t − 2 √(t (1 − t) / n)) / (1 − t),  p = 1 − Φ(z(s))
 *
 * The root is what chance alone would show (Meinshausen & Rice 2006). With a share π of anomalies
 * above them, the quartiles of the normal scores are the quantiles (1 − π) · {¼, ½, ¾} of all, so the
 * match is repeated until π stands still.
 *
 * Anomalies that score like normal rows are not seen, and normal rows with a heavy tail are counted:
 * it says how much stands out, which is the contamination only where anomalies do.
 */
import { normalQuantile, RandomStream } from '@unlikely/graph';
import { quantile } from '../statistics.ts';

/** A share of rows, with the interval that 90 % of resampled rows give. */
export interface ContaminationEstimate {
  /** Of the rows that stand out, 0 to 1. */
  readonly share: number;
  /** Lower end of the interval of the share. */
  readonly lower: number;
  /** Upper end of the interval of the share. */
  readonly upper: number;
}

/** Tail probabilities at which excess is looked for. */
const tails = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05];
const tailDeviations = tails.map((tail) => normalQuantile(1 - tail));
/** Φ⁻¹(¾). */
const quartile = normalQuantile(0.75);
/** Beyond it there would be no bulk to match. */
const largestShare = 0.4;
const rounds = 30;
const resamples = 200;
/** Rows of a resample; with more the interval is a little too wide. */
const resampledRows = 10_000;

/**
 * @param scores Finite scores, at least 20, in any order.
 * @param seed Of the resampling.
 */
export function estimateContamination(scores: Float64Array, seed: number): ContaminationEstimate {
  const ascending = scores.slice().sort();
  const stream = new RandomStream(seed, 'contamination');
  const size = Math.min(ascending.length, resampledRows);
  const shares = Float64Array.from({ length: resamples }, () => {
    const drawn = Float64Array.from(
      { length: size },
      () => ascending[Math.floor(stream.uniform() * ascending.length)]!,
    );
    return shareBeyondBulk(drawn.sort());
  }).sort();
  const share = shareBeyondBulk(ascending);
  return {
    share,
    lower: Math.min(share, shares[Math.floor(0.05 * resamples)]!),
    upper: Math.max(share, shares[Math.ceil(0.95 * resamples) - 1]!),
  };
}

function shareBeyondBulk(ascending: Float64Array): number {
  let share = 0;
  for (let round = 0; round < rounds; round++) {
    const next = Math.min(largestShare, excess(ascending, bulkOf(ascending, share)));
    if (Math.abs(next - share) < 1e-5) return next;
    // Half a step: a match that overshoots would swing between two shares.
    share = (share + next) / 2;
  }
  return share;
}

/** z → score, for the bulk of scores whose upper `share` does not belong to it. */
function bulkOf(ascending: Float64Array, share: number): (z: number) => number {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((level) =>
    quantile(ascending, (1 - share) * level),
  ) as [number, number, number];
  const [below, above] = [middle - low, high - middle];
  const skewness = below > 0 ? Math.log(above / below) / quartile : 0;
  if (!(skewness > 1e-6)) return (z) => middle + ((high - low) / (2 * quartile)) * z;
  const scale = above / Math.expm1(skewness * quartile);
  return (z) => middle + scale * Math.expm1(skewness * z);
}

function excess(ascending: Float64Array, scoreAt: (z: number) => number): number {
  return tails.reduce((most, tail, index) => {
    const beyond = 1 - countAtMost(ascending, scoreAt(tailDeviations[index]!)) / ascending.length;
    const chance = 2 * Math.sqrt((tail * (1 - tail)) / ascending.length);
    return Math.max(most, (beyond - tail - chance) / (1 - tail));
  }, 0);
}

function countAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
