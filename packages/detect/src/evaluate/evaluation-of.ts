import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import { calibrationCurve } from '../metric/calibration-curve.ts';
import { bestF1Threshold, confusionAt } from '../metric/confusion.ts';
import { precisionRecallCurve, rocCurve } from '../metric/curve.ts';
import { isUnlabelled } from '../normal-labels.ts';
import type { BaselineResult, Evaluation, ValueResult } from './evaluation.ts';

export interface EvaluationInput {
  /** Rows of the source, one entry each; those without a label are left out here. */
  readonly rowNumbers: Float64Array;
  readonly scores: Float64Array;
  readonly pValues: Float64Array;
  readonly values: readonly (string | null)[];
  /** 1 for rows that trained the model, which are left out; absent where that cannot be told. */
  readonly known: Uint8Array | undefined;
  readonly normalValues: readonly string[];
  /** Share of all normal rows that the source holds, beside all anomalies. */
  readonly normalShare: number;
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

/** Places of the rows that count. */
export function countedPlaces({
  values,
  known,
}: Pick<EvaluationInput, 'values' | 'known'>): Int32Array {
  return Int32Array.from(values.keys()).filter(
    (place) => !isUnlabelled(values[place]!) && known?.[place] !== 1,
  );
}

/**
 * Normal rows that each one that counts stands for, beside an anomaly: those that are left out, and those
 * elsewhere.
 */
export function normalWeight(
  { values, known, normalValues, normalShare }: EvaluationInput,
  counted: Int32Array,
): number {
  const isNormal = (place: number): boolean => normalValues.includes(values[place] ?? '');
  const left = counted.filter(isNormal).length;
  const anomalies = counted.length - left;
  let [allNormal, all] = [left, counted.length];
  known?.forEach((flag, place) => {
    if (flag === 0 || isUnlabelled(values[place]!)) return;
    all++;
    if (isNormal(place)) allNormal++;
  });
  if (left === 0 || anomalies === 0) return 1;
  return allNormal / left / normalShare / ((all - allNormal) / anomalies);
}

/** What scores are worth, from the labels; the baselines are measured elsewhere. */
export function evaluationOf(
  input: EvaluationInput,
  baselines: readonly BaselineResult[],
): Evaluation {
  const { normalValues, promisedRate, threshold, calibrationRows, known } = input;
  const counted = countedPlaces(input);
  const scores = Float64Array.from(counted, (place) => input.scores[place]!);
  const pValues = Float64Array.from(counted, (place) => input.pValues[place]!);
  const values = Array.from(counted, (place) => input.values[place]!);
  const labels = truthOf(values, normalValues);
  const normalPValues = pValues.filter((_, row) => labels[row] === 0);
  const weight = normalWeight(input, counted);
  const anomalies = labels.reduce((sum, label) => sum + label, 0);
  const anomalyShare = anomalies / (anomalies + weight * (labels.length - anomalies));
  const isNormal = (value: string): boolean => normalValues.includes(value);
  return {
    rows: scores.length,
    leftOut: {
      known: known?.reduce((sum, flag) => sum + flag, 0) ?? 0,
      unlabelled: input.values.filter((value, row) => isUnlabelled(value) && known?.[row] !== 1)
        .length,
    },
    knowsRows: known !== undefined,
    anomalies,
    normalValues,
    auroc: areaUnderRoc(scores, labels),
    anomalyShare,
    averagePrecision: averagePrecision(scores, labels, weight),
    atThreshold: { promisedRate, ...confusionAt(scores, labels, threshold, weight) },
    best: bestF1Threshold(scores, labels, weight),
    baselines,
    byValue: byValue(scores, values, isNormal, threshold),
    calibration:
      calibrationRows > 0 ? calibrationCurve(normalPValues, undefined, { calibrationRows }) : null,
    roc: rocCurve(scores, labels),
    precisionRecall: precisionRecallCurve(scores, labels, weight),
    rowNumbers: Float64Array.from(counted, (place) => input.rowNumbers[place]!),
    scores,
    labels,
  };
}

function byValue(
  scores: Float64Array,
  values: readonly string[],
  isNormal: (value: string) => boolean,
  threshold: number,
): ValueResult[] {
  const rowsOf = new Map<string, number[]>();
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
      value,
      normal: isNormal(value),
      rows: rows.length,
      flagged: own.filter((score) => score > threshold).length,
      auroc: isNormal(value) ? null : areaUnderRoc(together, labels),
    };
  });
  return results.sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
}
