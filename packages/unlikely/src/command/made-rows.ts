import type { Table } from '@unlikely/data';
import type { Detector, RowBatch } from '@unlikely/detect';
import type { ExitCode } from './run/exit-code.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { openModel } from './open-model.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, rowColumns, valuesByName, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface MadeRowsOptions extends RowOutputOptions, InputOptions {
  readonly input: string;
  readonly keep?: readonly string[];
}

export interface MadeRowsText {
  /** Beside the progress. */
  readonly doing: string;
  /** Beside the count of rows at the end. */
  readonly done: string;
}

/** A command that makes one row of each row of its input, which it writes in the input's order. */
export async function madeRows(
  options: MadeRowsOptions,
  { doing, done }: MadeRowsText,
  make: (detector: Detector, table: Table, signal: AbortSignal) => AsyncIterable<RowBatch>,
  terminal: Run,
): Promise<ExitCode> {
  refuseTwoOutputs(options);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  async function* batches() {
    for await (const batch of make(detector, table, terminal.signal)) {
      yield { rows: batch.rows, columns: valuesByName(detector.columnsOf(batch)) };
    }
  }
  return await writeRows(
    options,
    {
      columns: rowColumns(detector),
      ...(options.keep === undefined ? {} : { keep: { table, columns: options.keep } }),
      batches: batches(),
      doing,
      done,
    },
    terminal,
  );
}
