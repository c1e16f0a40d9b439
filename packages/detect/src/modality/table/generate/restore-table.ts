import type { Table } from '@unlikely/data/source';
import type { ModelFile } from '../model.ts';
import type { ModelScorer } from '../scorer.ts';
import { denoiseRows } from './denoise-rows.ts';
import type { DenoiseLimits } from './denoise-rows.ts';
import { readRows } from '../column/read-rows.ts';
import type { RowOptions } from '../column/read-rows.ts';
import type { DenoisedBatch, ReconstructedBatch } from './row-batch.ts';

/** What the whole model, all members and latent points, expects in the place of each row. */
export async function* reconstructTable(
  { manifest }: ModelFile,
  scorers: ModelScorer,
  table: Table,
  options: RowOptions = {},
): AsyncGenerator<ReconstructedBatch> {
  const scorer = await scorers.scorer('details');
  const width = manifest.schema.fields.length;
  const batches = readRows(table, manifest.schema, 'reconstructing', options);
  for await (const { data, rows, firstRow } of batches) {
    const found = await scorer.run({ rows: data }, rows, options.signal);
    yield {
      firstRow,
      rows,
      data: found.expected,
      original: data.subarray(0, rows * width),
      lower: found.lower,
      upper: found.upper,
    };
  }
}

/** Missing and implausible cells replaced by what the model expects; see `denoiseRows`. */
export async function* denoiseTable(
  model: ModelFile,
  scorers: ModelScorer,
  table: Table,
  options: RowOptions & DenoiseLimits = {},
): AsyncGenerator<DenoisedBatch> {
  const scorer = await scorers.scorer('details');
  const batches = readRows(table, model.manifest.schema, 'denoising', options);
  for await (const { firstRow, ...rows } of batches) {
    yield { firstRow, ...(await denoiseRows(model, scorer, rows, options, options.signal)) };
  }
}
