import { RandomStream } from '@unlikely/graph';
import type { Field } from '../schema.ts';
import type { Batch, EpochOptions } from '../table.ts';
import type { EncodedFile } from './encoded-file.ts';
import { countUnseen } from './encoded-rows.ts';

const bufferBytes = 64 * 1024 * 1024;
const blockBytes = 16 * 1024;

/**
 * Every row once, in random order. Blocks of neighbouring rows come in random order into a buffer,
 * and the rows of a full buffer in random order into batches: whatever order the file has, a batch
 * is drawn from all of it. Where the buffer holds the table, every order is equally likely.
 */
export async function* shuffledEpoch(
  file: EncodedFile,
  fields: readonly Field[],
  { seed, epoch, batchRows, bufferRows, signal }: EpochOptions,
): AsyncGenerator<Batch> {
  const { rows, width } = file;
  const rowBytes = Math.max(1, width) * 8;
  const capacity = Math.min(
    rows,
    Math.max(batchRows, bufferRows ?? Math.floor(bufferBytes / rowBytes)),
  );
  const blockRows = Math.max(1, Math.min(Math.floor(blockBytes / rowBytes), capacity));
  const stream = new RandomStream(seed, 'epoch', epoch);
  const blocks = stream.permutation(Math.ceil(rows / blockRows));
  const buffer = new Float64Array(capacity * width);
  let data = new Float64Array(batchRows * width);
  let filled = 0;
  let firstRow = 0;
  const finish = (): Batch => {
    const full = filled === batchRows ? data : data.slice(0, filled * width);
    const batch = { rows: filled, data: full, firstRow, unseen: countUnseen(full, fields) };
    firstRow += filled;
    filled = 0;
    return batch;
  };
  for (let next = 0; next < blocks.length;) {
    signal?.throwIfAborted();
    let buffered = 0;
    while (next < blocks.length) {
      const first = blocks[next]! * blockRows;
      const length = Math.min(blockRows, rows - first);
      if (buffered + length > capacity) break;
      await file.read(first, length, buffer, buffered * width);
      buffered += length;
      next++;
    }
    for (const row of stream.permutation(buffered)) {
      const place = row * width;
      for (let field = 0; field < width; field++) {
        data[filled * width + field] = buffer[place + field]!;
      }
      if (++filled === batchRows) {
        yield finish();
        signal?.throwIfAborted();
        data = new Float64Array(batchRows * width);
      }
    }
  }
  if (filled > 0) yield finish();
}
