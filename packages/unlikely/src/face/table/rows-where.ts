import type { RowFilter, Table } from '@unlikely/data';
import { commandError } from '../../command-error.ts';

/** The rows that are meant. Throws `usage/invalid` where there are none, with the values seen. */
export async function rowsWhere(table: Table, filter: RowFilter, text: string): Promise<Table> {
  const rows = table.where(filter);
  if ((await rows.rowCount()) > 0) return rows;
  const seen = (await table.values(filter.column, 12)).map(({ value }) => value ?? 'missing');
  throw commandError(
    'usage/invalid',
    `expected rows with ${text}, got none: ${filter.column} holds ${seen.join(', ')}${seen.length === 12 ? ', …' : ''}`,
    { help: 'Values are compared as text, upper and lower case told apart.' },
  );
}
