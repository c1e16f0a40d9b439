import type { Table } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import type { BaselineName } from '../baseline/baseline.ts';
import { baselines } from '../baseline/baselines.ts';
import type { Matrix } from '../matrix.ts';
import { areaUnderRoc } from '../metric/area-under-roc.ts';
import { averagePrecision } from '../metric/average-precision.ts';
import { normalValues } from '../normal-values.ts';
import type { ModelCore } from '../model-core.ts';
import type { Manifest } from '../artifact/manifest.ts';
import type { Platform } from '../platform.ts';
import type { BaselineResult, EvaluateOptions } from './evaluation.ts';
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

export interface BaselineInput {
  readonly core: ModelCore;
  readonly manifest: Manifest;
  readonly table: Table;
  readonly options: EvaluateOptions;
  readonly normal: readonly string[];
  readonly platform: Platform;
  /** Our scores of all rows of the table. */
  readonly scores: Float64Array;
}

/** The trivial detectors on the same features, measured on the same rows as ours. */
export async function evaluateBaselines(input: BaselineInput): Promise<BaselineResult[]> {
  const { core, manifest, table, options, normal, platform, scores } = input;
  const { seed } = manifest.configuration;
  const stream = new RandomStream(seed, 'evaluate');
  const sampled = await table.sample(
    manifest.schema,
    mostMeasuredRows + (options.reference === undefined ? mostReferenceRows : 0),
    seed,
    { labels: options.label },
  );
  await using runtime = await platform.scoringRuntime();
  const x = await standardRows(core, sampled, runtime);
  const truth = Uint8Array.from(sampled.labels!, (value) =>
    Number(value === null || !normal.includes(value)),
  );
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
    const rows = await normalRows(options.reference, options);
    const learnt = await rows.sample(manifest.schema, mostReferenceRows, seed);
    reference = await standardRows(core, learnt, runtime);
  }
  const tested = pickRows(x, measured);
  const labels = Uint8Array.from(measured, (row) => truth[row]!);
  const ours = Float64Array.from(measured, (row) => scores[sampled.rowNumbers[row]!]!);
  return printed.map((name) => {
    const result = baselines[name].fit(reference, seed).score(tested);
    return {
      name,
      auroc: areaUnderRoc(result, labels),
      averagePrecision: averagePrecision(result, labels),
      rows: tested.rows,
      ours: areaUnderRoc(ours, labels),
      reference: options.reference === undefined ? 'half of the normal rows' : 'reference table',
    };
  });
}

async function normalRows(table: Table, { label, normal }: EvaluateOptions): Promise<Table> {
  if (!table.columns.some(({ name }) => name === label)) return table;
  return table.where({ column: label, in: await normalValues(table, label, normal) });
}

function pickRows({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { data: picked, rows: rows.length, columns };
}
