import type { ScoreArray } from './check-input.ts';
import { operatingPoints } from './operating-points.ts';

/**
 * Average precision, `Σ (recall_i − recall_{i−1}) · precision_i` over the distinct scores from the
 * highest down: step-wise, without interpolation, as scikit-learn has it. A random score gets the
 * share of anomalies. `null` without anomalies or without normal rows. Throws `metric/invalid-input`.
 *
 * @param normalWeight Normal rows that each of these stands for, where they are fewer than beside as many
 *   anomalies: precision is then that of all. Default 1.
 */
export function averagePrecision(
  scores: ScoreArray,
  labels: Uint8Array,
  normalWeight: number = 1,
): number | null {
  const points = operatingPoints(scores, labels);
  if (points.positives === 0 || points.negatives === 0) return null;
  let sum = 0;
  let found = 0;
  points.truePositives.forEach((truePositives, point) => {
    const precision =
      truePositives / (truePositives + normalWeight * points.falsePositives[point]!);
    sum += (truePositives - found) * precision;
    found = truePositives;
  });
  return sum / points.positives;
}
