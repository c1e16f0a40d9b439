import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import { calibrationCurve } from '../metric/calibration-curve.ts';
import { bestF1Threshold, confusionAt } from '../metric/confusion.ts';
import { precisionRecallCurve, rocCurve } from '../metric/curve.ts';
import type { BaselineResult, Evaluation, ValueResult } from './evaluation.ts';

export interface EvaluationInput {
  readonly scores: Float64Array;
  readonly pValues: Float64Array;
  /** The label of each row. */
  readonly values: readonly (string | null)[];
  readonly normalValues: readonly string[];
  readonly promisedRate: number;
  /** Infinity without calibration. */
  readonly threshold: number;
  /** 0 without calibration. */
  readonly calibrationRows: number;
}

/** 1 for every value that is not normal. */
export function truthOf(
  values: readonly (string | null)[],
  normalValues: readonly string[],
): Uint8Array {
  return Uint8Array.from(values, (value) =>
    Number(value === null || !normalValues.includes(value)),
  );
}

/** What scores are worth, from the labels; the baselines are measured elsewhere. */
export function evaluationOf(
  input: EvaluationInput,
  baselines: readonly BaselineResult[],
): Evaluation {
  const { scores, pValues, values, normalValues, promisedRate, threshold, calibrationRows } = input;
  const labels = truthOf(values, normalValues);
  const normalPValues = pValues.filter((_, row) => labels[row] === 0);
  const isNormal = (value: string | null): boolean =>
    value !== null && normalValues.includes(value);
  return {
    rows: scores.length,
    anomalies: labels.reduce((sum, label) => sum + label, 0),
    normalValues,
    auroc: areaUnderRoc(scores, labels),
    averagePrecision: averagePrecision(scores, labels),
    atThreshold: { promisedRate, ...confusionAt(scores, labels, threshold) },
    best: bestF1Threshold(scores, labels),
    baselines,
    byValue: byValue(scores, values, isNormal, threshold),
    calibration:
      calibrationRows > 0 ? calibrationCurve(normalPValues, undefined, { calibrationRows }) : null,
    roc: rocCurve(scores, labels),
    precisionRecall: precisionRecallCurve(scores, labels),
    scores,
    labels,
  };
}

function byValue(
  scores: Float64Array,
  values: readonly (string | null)[],
  isNormal: (value: string | null) => boolean,
  threshold: number,
): ValueResult[] {
  const rowsOf = new Map<string | null, number[]>();
  values.forEach((value, row) => {
    const rows = rowsOf.get(value) ?? [];
    rows.push(row);
    rowsOf.set(value, rows);
  });
  const normalScores = scores.filter((_, row) => isNormal(values[row]!));
  const results = [...rowsOf].map(([value, rows]): ValueResult => {
    const own = Float64Array.from(rows, (row) => scores[row]!);
    const together = new Float64Array(own.length + normalScores.length);
    together.set(own);
    together.set(normalScores, own.length);
    const labels = new Uint8Array(together.length).fill(1, 0, own.length);
    return {
      value: value ?? 'missing',
      normal: isNormal(value),
      rows: rows.length,
      flagged: own.filter((score) => score > threshold).length,
      auroc: isNormal(value) ? null : areaUnderRoc(together, labels),
    };
  });
  return results.sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
}
