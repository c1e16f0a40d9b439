import { input, makeGraph, optimise } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import type { ModelCore } from '../model-core.ts';
import { Scorer } from '../score/scorer.ts';
import type { EncodedRows } from './feature.ts';
import { standardise } from './standardise.ts';

/** Encoded rows as the networks see them, [rows, features]; 0 where missing. */
export async function standardisedRows(
  { fields, features: columns }: Pick<ModelCore, 'fields' | 'features'>,
  rows: EncodedRows,
  runtime: Runtime,
): Promise<Float32Array> {
  const encoded = input('rows', ['rows', fields.length], 'float64');
  const { features } = standardise(encoded, columns);
  const graph = optimise(makeGraph('standardise', [encoded], { features }));
  await using scorer = await Scorer.create(graph, ['features'], runtime, columns.length);
  const block = await scorer.score(rows.data, rows.rows);
  return block['features'] as Float32Array;
}
