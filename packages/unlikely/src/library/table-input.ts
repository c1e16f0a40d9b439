import type { Table } from '@unlikely/data';
import { openTable } from './files.ts';
import { wrongInput } from './describe-input.ts';

/** A path, a glob or `-` (standard input), opened for the call alone; or a table of the caller's. */
export type TableInput = string | Table;

/** Opens the input for one use. Throws `detect/input` for what is none. */
export async function withTable<Result>(
  input: TableInput,
  use: (table: Table) => Promise<Result>,
): Promise<Result> {
  if (typeof input !== 'string') return use(tableOf(input));
  await using table = await openTable(input);
  return await use(table);
}

/** Opens the input for as long as batches are taken. Throws `detect/input` for what is none. */
export async function* withRows<Batch>(
  input: TableInput,
  use: (table: Table) => AsyncGenerator<Batch>,
): AsyncGenerator<Batch> {
  if (typeof input !== 'string') {
    yield* use(tableOf(input));
    return;
  }
  await using table = await openTable(input);
  yield* use(table);
}

/** What a table is called in words. */
export function tableName(input: TableInput): string {
  return typeof input === 'string' ? input : 'a table';
}

/** JavaScript gives anything. */
function tableOf(input: unknown): Table {
  if (typeof input === 'object' && input !== null && 'match' in input && 'batches' in input) {
    return input as Table;
  }
  const isImages = typeof input === 'object' && input !== null && 'inferSettings' in input;
  throw wrongInput(
    input,
    'a path, a glob, `-` or a table of `openTable`',
    isImages ? '`ImageDetector` is for images.' : 'For instance: `rows.csv`',
  );
}
