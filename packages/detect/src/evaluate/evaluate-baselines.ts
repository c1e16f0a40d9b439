import type { Sample, Table } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import type { BaselineName } from '../baseline/baseline.ts';
import { baselines } from '../baseline/baselines.ts';
import type { Matrix } from '../matrix.ts';
import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import type { ModelCore } from '../model-core.ts';
import type { Manifest } from '../artifact/manifest.ts';
import type { Platform } from '../platform.ts';
import type { BaselineResult, EvaluateOptions } from './evaluation.ts';
import { pickEncodedRows } from '../train/choose-rows.ts';
import { countedPlaces, normalWeight, truthOf } from './evaluation-of.ts';
import type { EvaluationInput } from './evaluation-of.ts';
import { standardRows } from './standard-rows.ts';

/** Those that an evaluation prints. */
const printed: readonly BaselineName[] = [
  'l2-norm',
  'principal-components',
  'isolation-forest',
  'nearest-neighbours',
  'random',
];
/** Rows that baselines learn from and are measured on: what neighbours can do in seconds. */
const mostReferenceRows = 20_000;
const mostMeasuredRows = 20_000;
/** Rows that they are drawn from where only some count. */
const mostDrawnRows = 500_000;

export interface BaselineInput {
  readonly core: ModelCore;
  readonly manifest: Manifest;
  readonly table: Table;
  readonly options: EvaluateOptions;
  readonly platform: Platform;
  /** What was found of all rows of the table. */
  readonly scored: EvaluationInput;
}

/** The trivial detectors on the same features, measured on the same rows as ours. */
export async function evaluateBaselines(input: BaselineInput): Promise<BaselineResult[]> {
  const { core, manifest, table, options, platform, scored } = input;
  const { normalValues: normal } = scored;
  const { seed } = manifest.configuration;
  const stream = new RandomStream(seed, 'evaluate');
  const counted = countedPlaces(scored);
  if (counted.length === 0) return [];
  const wanted = mostMeasuredRows + (options.reference === undefined ? mostReferenceRows : 0);
  // Of rows that count there are to be as many.
  const share = counted.length / scored.values.length;
  const drawn = await table.sample(
    manifest.schema,
    Math.min(Math.ceil(wanted / share), mostDrawnRows),
    seed,
    { labels: options.label },
  );
  const sampled = countedOf(drawn, new Set(counted), manifest.schema.fields.length);
  await using runtime = await platform.scoringRuntime();
  const x = await standardRows(core, sampled, runtime);
  const truth = truthOf(sampled.labels, normal);
  let measured = Int32Array.from({ length: x.rows }, (_, row) => row);
  let reference: Matrix;
  if (options.reference === undefined) {
    const shuffled = stream.permutation(x.rows).filter((row) => truth[row] === 0);
    const learnt = shuffled
      .subarray(0, Math.floor(shuffled.length / 2))
      .slice(0, mostReferenceRows);
    reference = pickRows(x, learnt);
    const used = new Set(learnt);
    measured = measured.filter((row) => !used.has(row));
  } else {
    const rows = normalRows(options.reference, options.label, normal);
    const learnt = await rows.sample(manifest.schema, mostReferenceRows, seed);
    reference = await standardRows(core, learnt, runtime);
  }
  if (reference.rows === 0) return [];
  const tested = pickRows(x, measured);
  const labels = Uint8Array.from(measured, (row) => truth[row]!);
  // Those that the others learnt from are not measured, and stood for some as well.
  const weight = (normalWeight(scored, counted) * zeros(truth)) / Math.max(1, zeros(labels));
  const ours = Float64Array.from(measured, (row) => scored.scores[sampled.rowNumbers[row]!]!);
  return printed.map((name) => {
    const result = baselines[name].fit(reference, seed).score(tested);
    return {
      name,
      auroc: areaUnderRoc(result, labels),
      averagePrecision: averagePrecision(result, labels, weight),
      rows: tested.rows,
      ours: areaUnderRoc(ours, labels),
      reference: options.reference === undefined ? 'half of the normal rows' : 'reference table',
    };
  });
}

function countedOf({ data, rowNumbers, labels }: Sample, counted: Set<number>, width: number) {
  const places = Int32Array.from(rowNumbers.keys()).filter((at) => counted.has(rowNumbers[at]!));
  const kept = pickEncodedRows({ data, rows: rowNumbers.length }, width, places);
  return {
    ...kept,
    rowNumbers: Float64Array.from(places, (at) => rowNumbers[at]!),
    labels: Array.from(places, (at) => labels![at]!),
  };
}

function zeros(truth: Uint8Array): number {
  return truth.reduce((sum, label) => sum + 1 - label, 0);
}

function normalRows(table: Table, label: string, normal: readonly string[]): Table {
  const isLabelled = table.columns.some(({ name }) => name === label);
  return isLabelled ? table.where({ column: label, in: normal }) : table;
}

function pickRows({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { data: picked, rows: rows.length, columns };
}
