/**
 * The p-values of rows held out at random say what rows *like* the training rows score. Rows of another time
 * may score higher, and rows that stand beside almost the same ones in training score too low. What the order of
 * the table means shows in blocks: rows in their order that a network has not seen, beside random rows
 * that it has not seen either. Where a block scores higher than chance allows (the beta-binomial
 * count of `falsePositiveBound`), the calibration scores are raised, level by level, by what the worst
 * such block lies above the random rows:
 *
 *     s'(p) = s(p) + max over blocks b of (q_b(p) − q_random(p))⁺
 *
 * Where all rows are exchangeable nothing changes, but with probability 1 − `confidence` for each block and rate.
 */
import { quantile } from '../statistics.ts';
import { conformalRank } from './conformal-rank.ts';
import { falsePositiveBound } from './false-positive-bound.ts';

/** What one network says of rows that it has not seen. */
export interface HeldOutScores {
  /** Of rows in their order. */
  readonly block: Float64Array;
  /** Of rows held out at random. */
  readonly random: Float64Array;
}

export interface SaferScores {
  /** As many as there were, ascending. */
  readonly scores: Float64Array;
  /** Share of random rows that score above the threshold of `flagged`. */
  readonly rate: number;
  /** Share of each block that scores above what `rate` of random rows do; NaN where there are too few to say. */
  readonly flagged: readonly number[];
  /** The blocks that raised the scores, by their places. */
  readonly raisedBy: readonly number[];
}

/** At which a block is compared with random rows; the first is told. */
const rates = [0.01, 0.05, 0.25] as const;
const confidence = 0.999;

/** The calibration scores, raised where the order of the rows means something. */
export function saferScores(scores: Float64Array, held: readonly HeldOutScores[]): SaferScores {
  const ascending = scores.slice().sort();
  const pairs = held.map(({ block, random }) => ({
    block: block.slice().sort(),
    random: random.slice().sort(),
  }));
  const flagged = pairs.map((pair) => shareAbove(pair, rates[0]));
  const raisedBy = [...pairs.keys()].filter((place) =>
    rates.some((rate) => isBeyondChance(pairs[place]!, rate)),
  );
  let highest = -Infinity;
  const raised = ascending.map((score, index) => {
    const level = ascending.length === 1 ? 1 : index / (ascending.length - 1);
    const shifts = raisedBy.map(
      (place) => quantile(pairs[place]!.block, level) - quantile(pairs[place]!.random, level),
    );
    highest = Math.max(highest, score + Math.max(0, ...shifts));
    return highest;
  });
  return { scores: raised, rate: rates[0], flagged, raisedBy };
}

function canTell({ block, random }: HeldOutScores, rate: number): boolean {
  return block.length > 0 && rate * (random.length + 1) >= 1;
}

function countAbove({ block, random }: HeldOutScores, rate: number): number {
  const threshold = random[random.length - conformalRank(random.length, rate)]!;
  return block.reduce((count, score) => count + Number(score > threshold), 0);
}

function shareAbove(pair: HeldOutScores, rate: number): number {
  return canTell(pair, rate) ? countAbove(pair, rate) / pair.block.length : NaN;
}

function isBeyondChance(pair: HeldOutScores, rate: number): boolean {
  if (!canTell(pair, rate)) return false;
  const most = falsePositiveBound({
    calibrationRows: pair.random.length,
    testRows: pair.block.length,
    rate,
    confidence,
  });
  return countAbove(pair, rate) > most;
}
