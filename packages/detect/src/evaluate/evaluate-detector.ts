import type { Table } from '@unlikely/data';
import type { Detector } from '../detector.ts';
import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import { calibrationCurve } from '../metric/calibration-curve.ts';
import { bestF1Threshold, confusionAt } from '../metric/confusion.ts';
import { precisionRecallCurve, rocCurve } from '../metric/curve.ts';
import { modelCore } from '../model-core.ts';
import { normalValues } from '../normal-values.ts';
import type { Platform } from '../platform.ts';
import { evaluateBaselines } from './evaluate-baselines.ts';
import type { EvaluateOptions, Evaluation, ValueResult } from './evaluation.ts';

/** Scores a labelled table and measures what the scores are worth. */
export async function evaluateDetector(
  detector: Detector,
  table: Table,
  options: EvaluateOptions,
  platform: Platform,
): Promise<Evaluation> {
  const { manifest } = detector;
  const normal = await normalOf(detector, table, options);
  const scored = await scoreAll(detector, table, options);
  const { scores, pValues, values } = scored;
  const isNormal = (value: string | null): boolean => value !== null && normal.includes(value);
  const labels = Uint8Array.from(values, (value) => Number(!isNormal(value)));

  const promisedRate = options.falsePositiveRate ?? 0.01;
  const fast = options.fast === true;
  const threshold = detector.calibrated ? detector.threshold(promisedRate, { fast }) : Infinity;
  const normalPValues = pValues.filter((_, row) => labels[row] === 0);
  const core = modelCore(manifest.schema.fields, manifest.features, manifest.configuration);
  return {
    rows: scores.length,
    anomalies: labels.reduce((sum, label) => sum + label, 0),
    normalValues: normal,
    auroc: areaUnderRoc(scores, labels),
    averagePrecision: averagePrecision(scores, labels),
    atThreshold: { promisedRate, ...confusionAt(scores, labels, threshold) },
    best: bestF1Threshold(scores, labels),
    baselines:
      options.baselines === false
        ? []
        : await evaluateBaselines({ core, manifest, table, options, normal, platform, scores }),
    byValue: byValue(scores, values, isNormal, threshold),
    calibration: detector.calibrated
      ? calibrationCurve(normalPValues, undefined, { calibrationRows: manifest.rows.calibration })
      : null,
    roc: rocCurve(scores, labels),
    precisionRecall: precisionRecallCurve(scores, labels),
    scores,
    labels,
  };
}

/** The user's choice, else what training took for normal in the same column, else the usual words. */
async function normalOf(
  { manifest }: Detector,
  table: Table,
  { label, normal }: EvaluateOptions,
): Promise<readonly string[]> {
  if (normal === undefined && manifest.label?.column === label) return manifest.label.normal;
  return normalValues(table, label, normal);
}

async function scoreAll(detector: Detector, table: Table, options: EvaluateOptions) {
  const parts: { score: Float64Array; pValue: Float64Array }[] = [];
  const values: (string | null)[] = [];
  const { label, fast = false, signal } = options;
  const scoring = { labels: label, fast, ...(signal === undefined ? {} : { signal }) };
  for await (const batch of detector.score(table, scoring)) {
    parts.push(batch);
    for (const value of batch.labels!) values.push(value);
  }
  const join = (pick: (part: (typeof parts)[number]) => Float64Array): Float64Array => {
    const joined = new Float64Array(values.length);
    let next = 0;
    for (const part of parts) {
      joined.set(pick(part), next);
      next += pick(part).length;
    }
    return joined;
  };
  return { scores: join(({ score }) => score), pValues: join(({ pValue }) => pValue), values };
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
