import type { Table } from '@unlikely/data/source';
import { signalOf } from '../../abort.ts';
import type { Manifest } from './manifest.ts';
import type { BaselineName } from '../../baseline/baseline.ts';
import type { EncodedRows } from './column/feature.ts';
import { standardisedRows } from './encode/standardised-rows.ts';
import { detectError } from '../../detect-error.ts';
import type { Matrix } from '../../matrix.ts';
import { modelCore } from './core.ts';
import { labelsOfColumn } from '../../normal-labels.ts';
import type { Platform } from '../../platform.ts';
import type { ScoreOptions } from './score/score-options.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import { pickEncodedRows } from './train/choose-rows.ts';
import type { Comparison } from '../../evaluate/compare-baselines.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import type { EvaluateOptions, Evaluation } from '../../evaluate/evaluation.ts';

/** What an evaluation asks of a detector of tables. */
export interface TableScores {
  readonly manifest: Manifest;
  threshold(falsePositiveRate: number, options: { readonly fast: boolean }): number;
  score(table: Table, options: ScoreOptions): AsyncIterable<ScoredBatch>;
}

/** Those that an evaluation prints. */
const printed: readonly BaselineName[] = [
  'l2-norm',
  'principal-components',
  'isolation-forest',
  'nearest-neighbours',
  'random',
];
const most = { reference: 20_000, measured: 20_000 };
/** Rows that they are drawn from where only some count. */
const mostDrawnRows = 500_000;

/** Scores a labelled table and measures what the scores are worth. */
export async function evaluateTable(
  model: TableScores,
  platform: Platform,
  table: Table,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { manifest } = model;
  const { label, fast = false } = options;
  refuseKnownLabel(manifest, label);
  return evaluate(
    {
      labels: await labelsOfColumn(table, label),
      trained: manifest.label?.column === label ? manifest.label.normal : undefined,
      knownRows: manifest.knownRows,
      calibrationRows: manifest.rows.calibration,
      threshold: (rate) => model.threshold(rate, { fast }),
      async *score(hashes) {
        const scoring = { labels: label, hashes, fast, ...signalOf(options) };
        for await (const { firstRow, labels, ...batch } of model.score(table, scoring)) {
          yield {
            ...batch,
            rowNumbers: batch.score.map((_, row) => firstRow + row),
            labels: labels!,
          };
        }
      },
      comparison: comparisonOf(model.manifest, platform, table, options),
    },
    options,
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

/** Rows by the features that the networks see. */
function comparisonOf(
  { schema, configuration, features }: Manifest,
  platform: Platform,
  table: Table,
  { reference, label }: EvaluateOptions,
): Comparison {
  const { seed } = configuration;
  const core = modelCore(schema.fields, features, configuration);
  const standardised = async (rows: EncodedRows): Promise<Matrix> => {
    await using runtime = await platform.scoringRuntime();
    return await standardisedRows(core, rows, runtime);
  };
  return {
    baselines: printed,
    seed,
    most,
    draw: async ({ rowNumbers: counted, places, share }, wanted) => {
      // Of rows that count there are to be as many.
      const size = Math.min(Math.ceil(wanted / share), mostDrawnRows);
      const { data, rowNumbers } = await table.sample(schema, size, seed);
      const placeOf = new Map(counted.map((row, at) => [row, places[at]!]));
      const chosen = Int32Array.from(rowNumbers.keys()).filter((at) =>
        placeOf.has(rowNumbers[at]!),
      );
      const drawn = { data, rows: rowNumbers.length };
      const rows = pickEncodedRows(drawn, schema.fields.length, chosen);
      const found = Array.from(chosen, (at) => placeOf.get(rowNumbers[at]!)!);
      return { features: await standardised(rows), places: found };
    },
    ...(reference === undefined
      ? {}
      : {
          reference: async (normal, size) => {
            const isLabelled = reference.columns.some(({ name }) => name === label);
            const rows = isLabelled ? reference.where({ column: label, in: normal }) : reference;
            return standardised(await rows.sample(schema, size, seed));
          },
        }),
  };
}
