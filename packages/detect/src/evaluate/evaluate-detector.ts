import type { Table } from '@unlikely/data/source';
import { detectError } from '../detect-error.ts';
import type { Manifest } from '../artifact/manifest.ts';
import type { TableDetector } from '../table-detector.ts';
import { recognitionOf } from '../known/known-rows.ts';
import { modelCore } from '../model-core.ts';
import { evaluatedLabel, labelsOfColumn } from '../normal-labels.ts';
import type { Platform } from '../platform.ts';
import { evaluateBaselines } from './evaluate-baselines.ts';
import { evaluationOf } from './evaluation-of.ts';
import type { EvaluationInput } from './evaluation-of.ts';
import type { EvaluateOptions, Evaluation } from './evaluation.ts';

/** Scores a labelled table and measures what the scores are worth. */
export async function evaluateDetector(
  detector: TableDetector,
  table: Table,
  options: EvaluateOptions,
  platform: Platform,
): Promise<Evaluation> {
  const { manifest } = detector;
  refuseKnownLabel(manifest, options.label);
  const { label: trained } = manifest;
  const normal = evaluatedLabel(
    await labelsOfColumn(table, options.label),
    options.normal,
    trained?.column === options.label ? trained.normal : undefined,
  );
  const scored = await scoreAll(detector, table, options);
  const promisedRate = options.falsePositiveRate ?? 0.01;
  const fast = options.fast === true;
  const threshold = detector.calibrated ? detector.threshold(promisedRate, { fast }) : Infinity;
  const core = modelCore(manifest.schema.fields, manifest.features, manifest.configuration);
  const input = {
    ...scored,
    normalValues: normal,
    normalShare: options.normalShare ?? 1,
    promisedRate,
    threshold,
    calibrationRows: manifest.rows.calibration,
  };
  const isCompared = options.baselines !== false;
  return evaluationOf(
    input,
    isCompared
      ? await evaluateBaselines({ core, manifest, table, options, platform, scored: input })
      : [],
  );
}

/** A label that the model saw among the columns tells it the truth. */
function refuseKnownLabel({ schema }: Manifest, label: string): void {
  if (!schema.fields.some(({ column }) => column === label)) return;
  throw detectError(
    'detect/input',
    `expected a label that the model has not learnt from, got ${label}, one of its columns`,
    { help: `Train with \`--label ${label}\`, or with \`--ignore ${label}\`.` },
  );
}

/** What was found of all rows of a table, one entry each. */
type ScoredTable = Pick<EvaluationInput, 'rowNumbers' | 'scores' | 'pValues' | 'values' | 'known'>;

async function scoreAll(
  detector: TableDetector,
  table: Table,
  options: EvaluateOptions,
): Promise<ScoredTable> {
  const { label: trainedBy, knownRows } = detector.manifest;
  const { label, allRows = false, fast = false, signal } = options;
  const recognition = allRows ? undefined : recognitionOf(detector.manifest);
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
    const flags = recognition?.recognise(batch.hashes!, (row) => {
      // Rows that its own label did not call normal cannot have trained the model.
      if (trainedBy?.column !== label) return true;
      return trainedBy.normal.includes(batch.labels![row] ?? '');
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
