import { input, makeGraph, optimise } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import type { Matrix } from '../../../matrix.ts';
import type { ModelCore } from '../core.ts';
import { tableBlockRows } from '../../../score/block-rows.ts';
import { Blocks } from '../../../score/blocks.ts';
import type { Program } from '../../../score/program.ts';
import type { EncodedRows } from '../column/feature.ts';
import { standardise } from '../column/standardise.ts';

/** Encoded rows as the networks see them, [rows, features]; 0 where missing. Simple detectors see the same. */
export async function standardisedRows(
  { fields, features: columns }: Pick<ModelCore, 'fields' | 'features'>,
  rows: EncodedRows,
  runtime: Runtime,
): Promise<Matrix> {
  const encoded = input('rows', ['rows', fields.length], 'float64');
  const { features } = standardise(encoded, columns);
  const program: Program<{ readonly features: Float32Array }> = optimise(
    makeGraph('standardise', [encoded], { features }),
  );
  const blockRows = tableBlockRows(columns.length);
  await using blocks = await Blocks.open({ program, outputs: ['features'], blockRows }, runtime);
  const found = await blocks.run({ rows: rows.data }, rows.rows);
  return { data: found.features, rows: rows.rows, columns: columns.length };
}
