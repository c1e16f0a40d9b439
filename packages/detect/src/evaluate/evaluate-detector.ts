import type { Table } from '@unlikely/data';
import type { Detector } from '../detector.ts';
import { modelCore } from '../model-core.ts';
import { normalValues } from '../normal-values.ts';
import type { Platform } from '../platform.ts';
import { evaluateBaselines } from './evaluate-baselines.ts';
import { evaluationOf } from './evaluation-of.ts';
import { RowRecognition } from '../known/known-rows.ts';
import type { EvaluationInput } from './evaluation-of.ts';
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
  const scored = await scoreAll(detector, table, options, normal);
  const promisedRate = options.falsePositiveRate ?? 0.01;
  const fast = options.fast === true;
  const threshold = detector.calibrated ? detector.threshold(promisedRate, { fast }) : Infinity;
  const core = modelCore(manifest.schema.fields, manifest.features, manifest.configuration);
  return evaluationOf(
    {
      ...scored,
      normalValues: normal,
      promisedRate,
      threshold,
      calibrationRows: manifest.rows.calibration,
    },
    options.baselines === false
      ? []
      : await evaluateBaselines({ core, manifest, table, options, normal, platform, scored }),
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

/** What was found of all rows of a table, one entry each. */
export type ScoredTable = Pick<
  EvaluationInput,
  'rowNumbers' | 'scores' | 'pValues' | 'values' | 'known'
>;

async function scoreAll(
  detector: Detector,
  table: Table,
  options: EvaluateOptions,
  normal: readonly string[],
): Promise<ScoredTable> {
  const { label: trainedBy, knownRows } = detector.manifest;
  const { label, allRows = false, fast = false, signal } = options;
  const recognition =
    knownRows === undefined || allRows ? undefined : new RowRecognition(knownRows);
  const total = await table.rowCount();
  const [scores, pValues] = [new Float64Array(total), new Float64Array(total)];
  const values: (string | null)[] = [];
  const known = new Uint8Array(total);
  const isRecognised = recognition !== undefined;
  const scoring = {
    labels: label,
    hashes: isRecognised,
    fast,
    ...(signal === undefined ? {} : { signal }),
  };
  for await (const batch of detector.score(table, scoring)) {
    scores.set(batch.score, batch.firstRow);
    pValues.set(batch.pValue, batch.firstRow);
    for (const value of batch.labels!) values.push(value);
    // Rows that a label did not call normal cannot have trained the model.
    const flags = recognition?.recognise(batch.hashes!, (row) => {
      const value = batch.labels![row]!;
      return trainedBy === undefined || (value !== null && normal.includes(value));
    });
    if (flags !== undefined) known.set(flags, batch.firstRow);
  }
  const rowNumbers = Float64Array.from({ length: total }, (_, row) => row);
  return {
    rowNumbers,
    scores,
    pValues,
    values,
    known: knownRows === undefined ? undefined : known,
  };
}
