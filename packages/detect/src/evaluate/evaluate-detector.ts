import type { Table } from '@unlikely/data';
import type { Detector } from '../detector.ts';
import { modelCore } from '../model-core.ts';
import { normalValues } from '../normal-values.ts';
import type { Platform } from '../platform.ts';
import { evaluateBaselines } from './evaluate-baselines.ts';
import { evaluationOf } from './evaluation-of.ts';
import type { EvaluateOptions, Evaluation } from './evaluation.ts';

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
  const promisedRate = options.falsePositiveRate ?? 0.01;
  const fast = options.fast === true;
  const threshold = detector.calibrated ? detector.threshold(promisedRate, { fast }) : Infinity;
  const core = modelCore(manifest.schema.fields, manifest.features, manifest.configuration);
  return evaluationOf(
    {
      scores,
      pValues,
      values,
      normalValues: normal,
      promisedRate,
      threshold,
      calibrationRows: manifest.rows.calibration,
    },
    options.baselines === false
      ? []
      : await evaluateBaselines({ core, manifest, table, options, normal, platform, scores }),
  );
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
