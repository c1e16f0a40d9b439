import { RandomStream } from '@unlikely/graph';
import type { Abortable } from '../abort.ts';
import type { ModelFile } from '../artifact/model-file.ts';
import type { Matrix } from '../matrix.ts';
import { codeDrawer } from './draw-codes.ts';
import type { CodeSource } from './draw-codes.ts';
import type { LatentSpace } from './latent-space.ts';
import type { RowBatch } from './row-batch.ts';
import { readPosterior } from './stored-posterior.ts';
import type { PosteriorCodes } from './stored-posterior.ts';

export interface GenerateOptions extends Abortable {
  /** Same seed, same rows; the first rows do not depend on how many are asked for. Default 1. */
  readonly seed?: number;
  /** Default `posterior`: on real tables its rows are nearer to the true ones (docs/generate.md). */
  readonly from?: CodeSource;
  /** The mean of the decoder's distribution instead of a draw from it. Default false. */
  readonly mean?: boolean;
  /** Rows a batch. Default 4096; the rows do not depend on it. */
  readonly batchRows?: number;
}

/**
 * New rows: a code is drawn, and a row from what the decoder makes of it.
 *
 * @throws UnlikelyError `detect/configuration` for a source that there is not.
 */
export async function* generateRows(
  { manifest }: ModelFile,
  space: LatentSpace,
  count: number,
  options: GenerateOptions = {},
): AsyncGenerator<RowBatch> {
  const { seed = 1, from = 'posterior', mean = false, batchRows = 4096, signal } = options;
  const { latentSize, model } = manifest.configuration;
  const posterior = (): PosteriorCodes =>
    readPosterior(manifest.posterior, latentSize, model === 'variational');
  const next = codeDrawer(from, new RandomStream(seed, 'generate'), latentSize, posterior);
  const cells = new RandomStream(seed, 'generate', 'cells');
  for (let firstRow = 0; firstRow < count; firstRow += batchRows) {
    const rows = Math.min(batchRows, count - firstRow);
    const data = new Float32Array(rows * latentSize);
    for (let row = 0; row < rows; row++) next(data.subarray(row * latentSize));
    const codes: Matrix = { data, rows, columns: latentSize };
    const made = mean ? await space.decode(codes, signal) : await space.draw(codes, cells, signal);
    yield { firstRow, ...made };
  }
}
