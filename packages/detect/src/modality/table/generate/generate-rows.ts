import { RandomStream } from '@unlikely/graph';
import type { Abortable } from '../../../abort.ts';
import type { EncodedRows } from '../column/feature.ts';
import { Latent } from '../../../latent/latent.ts';
import type { DrawCodesOptions } from '../../../latent/latent.ts';
import type { Matrix } from '../../../matrix.ts';
import type { RowBatch } from './row-batch.ts';
import type { RowCodes } from './codes.ts';

/** How new rows are drawn. */
export interface GenerateOptions extends DrawCodesOptions, Abortable {
  /** Same seed, same rows; the first rows do not depend on how many are asked for. Default 1. */
  readonly seed?: number;
  /** The mean of the decoder's distribution instead of a draw from it. Default false. */
  readonly mean?: boolean;
  /** Rows a batch. Default 4096; the rows do not depend on it. */
  readonly batchRows?: number;
}

/**
 * New rows: a code is drawn, and a row from what the decoder makes of it. What cannot be is refused at once.
 *
 * @throws UnlikelyError `detect/input`, `detect/configuration` for a source that there is not.
 */
export function generateRows(
  codes: RowCodes,
  count: number,
  { seed = 1, mean = false, batchRows = 4096, signal, ...options }: GenerateOptions = {},
): AsyncGenerator<RowBatch> {
  const cells = new RandomStream(seed, 'generate', 'cells');
  const rowsOf = (batch: Matrix): Promise<EncodedRows> =>
    mean ? codes.decode(batch, signal) : codes.draw(batch, cells, signal);
  return made(new Latent(codes).codeBatches(count, { ...options, seed, batchRows }), rowsOf);
}

async function* made(
  batches: Iterable<Matrix>,
  rowsOf: (codes: Matrix) => Promise<EncodedRows>,
): AsyncGenerator<RowBatch> {
  let firstRow = 0;
  for (const codes of batches) {
    yield { firstRow, ...(await rowsOf(codes)) };
    firstRow += codes.rows;
  }
}
