import type { ScoreArray } from './check-input.ts';
import { operatingPoints } from './operating-points.ts';

/**
 * The area under the ROC curve: the probability that an anomaly scores higher than a normal row,
 * ties counting one half (Hanley & McNeil 1982; equal to the Mann–Whitney U with midranks).
 * `null` where it is undefined: no anomaly, or no normal row. Throws `metric/invalid-input`.
 */
export function areaUnderRoc(scores: ScoreArray, labels: Uint8Array): number | null {
  const points = operatingPoints(scores, labels);
  if (points.positives === 0 || points.negatives === 0) return null;
  let pairs = 0;
  let found = 0;
  let alarms = 0;
  points.falsePositives.forEach((falsePositives, point) => {
    const truePositives = points.truePositives[point]!;
    pairs += ((falsePositives - alarms) * (found + truePositives)) / 2;
    found = truePositives;
    alarms = falsePositives;
  });
  return pairs / (points.positives * points.negatives);
}
