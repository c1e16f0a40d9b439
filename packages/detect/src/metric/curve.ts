import type { ScoreArray } from './check-input.ts';
import { operatingPoints, thresholdOf } from './operating-points.ts';

/** One point of a ROC curve: flagging the rows that score above `threshold`. */
export interface RocPoint {
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** One point of a precision-recall curve: flagging the rows that score above `threshold`. */
export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly recall: number;
  readonly precision: number;
}

/**
 * The ROC curve from (0, 0) to (1, 1), at most `limit` points (default 500). The first threshold is
 * the highest score, the last -Infinity. `null` without anomalies or without normal rows. Throws
 * `metric/invalid-input`.
 */
export function rocCurve(scores: ScoreArray, labels: Uint8Array, limit = 500): RocPoint[] | null {
  const points = operatingPoints(scores, labels);
  if (points.positives === 0 || points.negatives === 0) return null;
  const curve: RocPoint[] = [
    { threshold: points.scores[0]!, falsePositiveRate: 0, truePositiveRate: 0 },
  ];
  for (let point = 0; point < points.scores.length; point++) {
    curve.push({
      threshold: thresholdOf(points, point),
      falsePositiveRate: points.falsePositives[point]! / points.negatives,
      truePositiveRate: points.truePositives[point]! / points.positives,
    });
  }
  return thinned(
    curve,
    ({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate],
    limit,
  );
}

/**
 * The precision-recall curve by ascending recall, at most `limit` points (default 500). It starts at
 * recall 0, precision 1 (nothing is flagged: a convention) and ends with every row flagged. `null`
 * without anomalies or without normal rows. Throws `metric/invalid-input`.
 *
 * @param normalWeight Normal rows that each of these stands for, where they are fewer than beside as many
 *   anomalies: precision is then that of all. Default 1.
 */
export function precisionRecallCurve(
  scores: ScoreArray,
  labels: Uint8Array,
  normalWeight: number = 1,
  limit = 500,
): PrecisionRecallPoint[] | null {
  const points = operatingPoints(scores, labels);
  if (points.positives === 0 || points.negatives === 0) return null;
  const curve: PrecisionRecallPoint[] = [{ threshold: points.scores[0]!, recall: 0, precision: 1 }];
  for (let point = 0; point < points.scores.length; point++) {
    const truePositives = points.truePositives[point]!;
    curve.push({
      threshold: thresholdOf(points, point),
      recall: truePositives / points.positives,
      precision: truePositives / (truePositives + normalWeight * points.falsePositives[point]!),
    });
  }
  return thinned(curve, ({ recall, precision }) => [recall, precision], limit);
}

/** Keeps both ends and points evenly spaced along the length (sum of both steps) of the curve. */
function thinned<Point>(
  curve: Point[],
  place: (point: Point) => [number, number],
  limit: number,
): Point[] {
  if (curve.length <= limit) return curve;
  const walked = new Float64Array(curve.length);
  for (let index = 1; index < curve.length; index++) {
    const [x, y] = place(curve[index]!);
    const [previousX, previousY] = place(curve[index - 1]!);
    walked[index] = walked[index - 1]! + Math.abs(x - previousX) + Math.abs(y - previousY);
  }
  const stride = walked.at(-1)! / (limit - 1);
  const kept = [curve[0]!];
  for (let index = 1; index < curve.length - 1 && kept.length < limit - 1; index++) {
    if (walked[index]! >= kept.length * stride) kept.push(curve[index]!);
  }
  kept.push(curve.at(-1)!);
  return kept;
}
