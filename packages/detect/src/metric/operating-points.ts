/**
 * Everything that a threshold can do with labelled scores. Rows of equal score are one step, since
 * no threshold can part them; each metric here is a sum over these steps.
 */
import { checkLabelled, type ScoreArray } from './check-input.ts';

/** The steps from the highest score down; entry `i` flags the rows that score at least `scores[i]`. */
export interface OperatingPoints {
  /** Distinct scores, descending. */
  readonly scores: Float64Array;
  /** Anomalies among the flagged rows. */
  readonly truePositives: Float64Array;
  /** Normal rows among the flagged rows. */
  readonly falsePositives: Float64Array;
  /** Anomalies in all. */
  readonly positives: number;
  /** Normal rows in all. */
  readonly negatives: number;
}

/** One sort and one pass; throws `metric/invalid-input`. */
export function operatingPoints(scores: ScoreArray, labels: Uint8Array): OperatingPoints {
  checkLabelled(scores, labels);
  const order = descendingOrder(scores);
  const distinct = new Float64Array(scores.length);
  const truePositives = new Float64Array(scores.length);
  const falsePositives = new Float64Array(scores.length);
  let steps = 0;
  let positives = 0;
  for (let place = 0; place < order.length; place++) {
    const score = scores[order[place]!]!;
    positives += labels[order[place]!]!;
    if (place + 1 < order.length && scores[order[place + 1]!]! === score) continue;
    distinct[steps] = score;
    truePositives[steps] = positives;
    falsePositives[steps] = place + 1 - positives;
    steps++;
  }
  return {
    scores: distinct.subarray(0, steps),
    truePositives: truePositives.subarray(0, steps),
    falsePositives: falsePositives.subarray(0, steps),
    positives,
    negatives: scores.length - positives,
  };
}

/**
 * The threshold that flags step `point` and the steps above it, no other: a row is flagged when its
 * score is *above* the threshold, so it is the next lower score, and -Infinity after the last.
 */
export function thresholdOf(points: OperatingPoints, point: number): number {
  return points.scores[point + 1] ?? -Infinity;
}

/** Row numbers by descending score; equal scores keep the order of their rows. */
export function descendingOrder(scores: ScoreArray): Int32Array {
  const order = Int32Array.from(scores, (_, row) => row);
  return order.sort((a, b) => {
    // Not a subtraction: the difference of two infinities is NaN.
    if (scores[a]! !== scores[b]!) return scores[a]! > scores[b]! ? -1 : 1;
    return a - b;
  });
}
