import type { Schema } from '@unlikely/data/source';
import { detectError } from '../../detect-error.ts';
import type { EncodedRows } from './column/feature.ts';
import type { Matrix } from '../../matrix.ts';
import { encodeMatrix, matrixSchema } from './column/matrix-schema.ts';
import type { Platform } from '../../platform.ts';

/** One row with values of any kind by name: numbers, booleans, texts, dates; null where missing. */
export type RowRecord = Readonly<Record<string, unknown>>;

/** What a model takes: numbers, or records whose columns are inferred as those of a file. */
export type Rows = Matrix | readonly RowRecord[];

/** How many rows they are. */
export function rowCountOf(x: Rows): number {
  return isRecords(x) ? x.length : x.rows;
}

function isRecords(x: Rows): x is readonly RowRecord[] {
  return Array.isArray(x);
}

/**
 * Rows encoded by a schema, which is inferred where none is given.
 *
 * @throws UnlikelyError `detect/input` for a matrix that does not fit, or records where the host
 *   reads none; those of the schema for records that do not fit it.
 */
export async function encodeRows(
  x: Rows,
  platform: Platform,
  known?: Schema,
): Promise<{ readonly schema: Schema; readonly rows: EncodedRows }> {
  if (!isRecords(x)) {
    const rows = encodeMatrix(x, known?.fields.length);
    return { schema: known ?? matrixSchema(x), rows };
  }
  if (platform.tableFromRecords === undefined) {
    throw detectError('detect/input', 'expected a matrix here, got records', {
      help: 'Records are read where the platform has `tableFromRecords`, as that of Node.',
    });
  }
  await using table = await platform.tableFromRecords(x as readonly Record<string, unknown>[]);
  const schema = known ?? (await table.inferSchema());
  if (known !== undefined) await table.match(known);
  return { schema, rows: await table.sample(schema, x.length, 0) };
}
