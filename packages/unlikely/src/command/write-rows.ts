import { openWriter } from '@unlikely/data';
import type { ScoredBatch, WriterColumn, WriterOptions } from '@unlikely/data';
import type { Detector, ValueColumn } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { labelled } from './labelled.ts';
import type { Run } from './run/run.ts';
import { formatBytes } from './units.ts';

/** Options of every command that writes rows. */
export interface RowOutputOptions {
  readonly model: string;
  /** A file, or `-` for CSV on standard output. */
  readonly output: string;
  readonly threads?: number;
  readonly json?: boolean;
}

export interface RowsToWrite {
  readonly columns: readonly WriterColumn[];
  readonly keep?: WriterOptions['keep'];
  readonly batches: AsyncIterable<ScoredBatch>;
  /** The command in a word, beside the progress: `generating`. */
  readonly doing: string;
  /** Beside the count of rows at the end: `generated`. */
  readonly done: string;
  /** More for `--json`, once all rows are written. */
  readonly more?: () => object;
}

/** @throws UnlikelyError `usage/invalid` where rows and `--json` would both go to standard output. */
export function refuseTwoOutputs({ json, output }: RowOutputOptions): void {
  if (json !== true || output !== '-') return;
  throw commandError(
    'usage/invalid',
    'expected --output FILE with --json, since both would go to standard output',
    { help: 'Name a file: --json -o rows.csv' },
  );
}

/** Writes batches of rows as they come, the file whole or not at all, and says how many they were. */
export async function writeRows(
  { output, json }: RowOutputOptions,
  { columns, keep, batches, doing, done, more }: RowsToWrite,
  terminal: Run,
): Promise<ExitCode> {
  const { standardOutput } = terminal;
  const writer = await openWriter(output, {
    columns,
    standardOutput,
    ...(keep === undefined ? {} : { keep }),
  });
  let rows = 0;
  let bytes: number;
  try {
    for await (const batch of batches) {
      terminal.signal.throwIfAborted();
      await writer.write(batch);
      rows += batch.rows;
      terminal.status(labelled(terminal, doing, `${formatCount(rows)} rows`));
    }
    ({ bytes } = await writer.close());
  } catch (error) {
    await writer.abort();
    throw error;
  }
  terminal.note(labelled(terminal, 'rows', `${formatCount(rows)} ${done}`));
  if (output !== '-') {
    terminal.note(labelled(terminal, 'output', `${output}, ${formatBytes(bytes)}`));
  }
  if (json === true) {
    await terminal.data(`${JSON.stringify({ output, bytes, rows, ...more?.() })}\n`);
  }
  return exitCodes.done;
}

/** The columns that rows of a model have in the user's units. */
export function rowColumns(detector: Detector): readonly WriterColumn[] {
  return detector
    .columnsOf({ data: new Float64Array(0), rows: 0 })
    .map(({ name, type }) => ({ name, type }));
}

/** Values by the name of their column, as the writer takes them. */
export function valuesByName(columns: readonly ValueColumn[]): ScoredBatch['columns'] {
  return Object.fromEntries(columns.map(({ name, values }) => [name, values]));
}
