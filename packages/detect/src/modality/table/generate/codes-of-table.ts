import type { Table } from '@unlikely/data/source';
import { detectError } from '../../../detect-error.ts';
import { signalOf, untilAborted } from '../../../abort.ts';
import { matrixSchema } from '../column/matrix-schema.ts';
import { codeColumns } from './row-batch.ts';
import type { RowOptions } from '../column/read-rows.ts';
import type { CodeBatch } from './row-batch.ts';

/**
 * Codes of `size` numbers from the columns `z0`, `z1`, … of a table; NaN where a value is missing.
 *
 * @throws UnlikelyError `data/missing-column` where the codes are shorter, `detect/input` where longer.
 */
export async function* codesOfTable(
  table: Table,
  size: number,
  options: RowOptions = {},
): AsyncGenerator<CodeBatch> {
  if (table.columns.some(({ name }) => name === `z${size}`)) {
    throw detectError(
      'detect/input',
      `expected codes of ${size} numbers, z0 to z${size - 1}, got a column z${size} as well`,
      { help: 'Use codes of `encode` of this model.' },
    );
  }
  const schema = matrixSchema(
    { data: new Float32Array(0), rows: 0, columns: size },
    codeColumns(size),
  );
  await table.match(schema);
  const batches = table.batches(schema, {
    ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
    ...signalOf(options),
  });
  for await (const { firstRow, rows, data } of untilAborted(batches, 'decoding', options)) {
    const codes = Float32Array.from(data.subarray(0, rows * size));
    yield { firstRow, rows, codes: { data: codes, rows, columns: size } };
  }
}
