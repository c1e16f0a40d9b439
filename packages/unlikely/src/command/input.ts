import { openTable } from '@unlikely/data';
import type { Table } from '@unlikely/data';

/** The table of an INPUT argument: a path, a glob or `-`. */
export function openInput(input: string): Promise<Table> {
  return openTable(input);
}
