import type { Batch, Schema, Table } from '@unlikely/data/source';
import type { Abortable } from '../../../abort.ts';
import { signalOf, untilAborted } from '../../../abort.ts';
import type { EncodedRows } from './feature.ts';
import { detectError } from '../../../detect-error.ts';
import { checkCount } from '../../../latent/check-count.ts';

/** How rows are read. */
export interface RowOptions extends Abortable {
  /** Rows that are read at a time; the results do not depend on it. */
  readonly batchRows?: number;
}

/** The rows of a table as a model takes them. Throws as `score` does; `what` was stopped where it is. */
export async function* readRows(
  table: Table,
  schema: Schema,
  what: string,
  options: RowOptions & { readonly labels?: string } = {},
): AsyncGenerator<Batch> {
  await table.match(schema);
  const batches = table.batches(schema, {
    ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
    ...(options.labels === undefined ? {} : { labels: options.labels }),
    ...signalOf(options),
  });
  yield* untilAborted(batches, what, options);
}

/**
 * One row, by its 0-based number.
 *
 * @throws UnlikelyError `data/row-out-of-range`, `detect/input`.
 */
export async function readRow(table: Table, schema: Schema, row: number): Promise<EncodedRows> {
  checkCount('row', row, 0);
  // Says that the row is not there before any is read.
  await table.records([row], []);
  const width = schema.fields.length;
  for await (const { firstRow, rows, data } of readRows(table, schema, 'reading')) {
    if (row >= firstRow + rows) continue;
    const start = (row - firstRow) * width;
    return { data: data.slice(start, start + width), rows: 1 };
  }
  throw detectError('detect/input', `expected a row of the table, got row ${row}`, {
    help: 'Rows are counted from 0.',
  });
}
