import { input, makeGraph, optimise } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import { standardise } from '../column/standardise.ts';
import type { Matrix } from '../matrix.ts';
import type { ModelCore } from '../model-core.ts';
import { Scorer } from '../score/scorer.ts';

/** Encoded rows as the networks see them, for baselines that are to see the same. */
export async function standardRows(
  core: ModelCore,
  rows: EncodedRows,
  runtime: Runtime,
): Promise<Matrix> {
  const columns = core.features.length;
  const encoded = input('rows', ['rows', core.fields.length], 'float64');
  const { features } = standardise(encoded, core.features);
  const graph = optimise(makeGraph('standardise', [encoded], { features }));
  await using scorer = await Scorer.create(graph, ['features'], runtime, columns);
  const block = await scorer.score(rows.data, rows.rows);
  return { data: block['features'] as Float32Array, rows: rows.rows, columns };
}
