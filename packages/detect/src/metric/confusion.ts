import { checkLabelled, type ScoreArray } from './check-input.ts';
import { operatingPoints, thresholdOf } from './operating-points.ts';

/** What one threshold does. A ratio is `null` where its denominator is zero. */
export interface Confusion {
  /** Rows that score above it are flagged. */
  readonly threshold: number;
  /** Anomalies that are flagged. */
  readonly truePositives: number;
  /** Normal rows that are flagged. */
  readonly falsePositives: number;
  /** Normal rows that are not flagged. */
  readonly trueNegatives: number;
  /** Anomalies that are not flagged. */
  readonly falseNegatives: number;
  /** The share of the flagged rows that are anomalies; with a weight, of all rows that these stand for. */
  readonly precision: number | null;
  /** The share of the anomalies that are flagged. */
  readonly recall: number | null;
  /** The harmonic mean of precision and recall. */
  readonly f1: number | null;
  /** The share of the rows that are on the right side. */
  readonly accuracy: number | null;
  /** The share of the normal rows that are flagged. */
  readonly falsePositiveRate: number | null;
}

/**
 * Flags the rows that score *above* `threshold` and counts. Throws `metric/invalid-input`.
 *
 * @param normalWeight Normal rows that each of these stands for, where they are fewer than beside as many
 *   anomalies: precision is then that of all. Default 1.
 */
export function confusionAt(
  scores: ScoreArray,
  labels: Uint8Array,
  threshold: number,
  normalWeight: number = 1,
): Confusion {
  checkLabelled(scores, labels);
  let truePositives = 0;
  let falsePositives = 0;
  let positives = 0;
  for (let row = 0; row < scores.length; row++) {
    const label = labels[row]!;
    positives += label;
    if (scores[row]! > threshold) {
      truePositives += label;
      falsePositives += 1 - label;
    }
  }
  const negatives = scores.length - positives;
  const trueNegatives = negatives - falsePositives;
  return {
    threshold,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives: positives - truePositives,
    precision: ratio(truePositives, truePositives + normalWeight * falsePositives),
    recall: ratio(truePositives, positives),
    f1: ratio(2 * truePositives, truePositives + normalWeight * falsePositives + positives),
    accuracy: ratio(
      truePositives + normalWeight * trueNegatives,
      positives + normalWeight * negatives,
    ),
    falsePositiveRate: ratio(falsePositives, negatives),
  };
}

/**
 * The threshold with the best F1 *on these labels* and what it does: an upper bound that no one can
 * reach without labels, so name it so wherever it is printed. Of equal F1 the highest threshold.
 * `null` without anomalies or without normal rows. Throws `metric/invalid-input`.
 *
 * @param normalWeight Normal rows that each of these stands for, where they are fewer than beside as many
 *   anomalies: precision is then that of all. Default 1.
 */
export function bestF1Threshold(
  scores: ScoreArray,
  labels: Uint8Array,
  normalWeight: number = 1,
): Confusion | null {
  const points = operatingPoints(scores, labels);
  if (points.positives === 0 || points.negatives === 0) return null;
  let best = 0;
  let bestF1 = -1;
  points.truePositives.forEach((truePositives, point) => {
    const flagged = truePositives + normalWeight * points.falsePositives[point]!;
    const f1 = (2 * truePositives) / (flagged + points.positives);
    if (f1 > bestF1) {
      bestF1 = f1;
      best = point;
    }
  });
  return confusionAt(scores, labels, thresholdOf(points, best), normalWeight);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
