import type { Table } from '@unlikely/data';
import { measureDrift } from '@unlikely/detect';
import type { Drift } from '@unlikely/detect';
import type { TableSession } from './session.ts';

/** How far the columns of a table have moved from those of the training. */
export async function driftOf({ detector, run }: TableSession, table: Table): Promise<Drift> {
  const { schema } = detector.manifest;
  await table.match(schema);
  return measureDrift(schema, table.batches(schema, { signal: run.signal }));
}
