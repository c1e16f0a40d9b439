import type { Runtime } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import { standardisedRows } from '../column/standardised-rows.ts';
import type { Matrix } from '../matrix.ts';
import type { ModelCore } from '../model-core.ts';

/** Encoded rows as the networks see them, for baselines that are to see the same. */
export async function standardRows(
  core: ModelCore,
  rows: EncodedRows,
  runtime: Runtime,
): Promise<Matrix> {
  const data = await standardisedRows(core, rows, runtime);
  return { data, rows: rows.rows, columns: core.features.length };
}
