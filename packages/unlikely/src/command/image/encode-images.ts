import type { ImageSource, ScoredBatch, WriterColumn } from '@unlikely/data';
import { codeColumns } from '@unlikely/detect';
import type { EncodeOptions } from '../encode.ts';
import type { ExitCode } from '../run/exit-code.ts';
import type { Run } from '../run/run.ts';
import { refuseTwoOutputs, writeRows } from '../write-rows.ts';
import { openKeptLabel, refuseTableOptions } from './image-input.ts';
import { tellPass } from './image-lines.ts';
import { openImageModel } from './open-image-model.ts';

/** `unlikely encode` on images: place, name and latent code of each, and its label on request. */
export async function encodeImages(options: EncodeOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options);
  refuseTwoOutputs(options);
  terminal.promise('Stopping; nothing is written');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  const { schema: settings, configuration } = detector.manifest;
  await using images: ImageSource = await openKeptLabel(options, (pass) =>
    tellPass(pass, settings, terminal),
  );
  const names = codeColumns(configuration.latentSize);
  const labelColumns: WriterColumn[] = options.keep?.map((name) => ({ name, type: 'text' })) ?? [];
  async function* batches(): AsyncGenerator<ScoredBatch> {
    for await (const batch of images.batches(settings, { signal })) {
      const { data } = await detector.latent.encode(batch, { signal });
      const unit = (index: number): Float64Array =>
        Float64Array.from({ length: batch.rows }, (_, row) => data[row * names.length + index]!);
      yield {
        rows: batch.rows,
        columns: {
          row: batch.rowNumbers,
          name: batch.names,
          ...Object.fromEntries(names.map((name, index) => [name, unit(index)])),
          ...Object.fromEntries(labelColumns.map(({ name }) => [name, batch.labels!])),
        },
      };
    }
  }
  return await writeRows(
    options,
    {
      columns: [
        { name: 'row', type: 'integer' },
        { name: 'name', type: 'text' },
        ...names.map((name): WriterColumn => ({ name, type: 'double' })),
        ...labelColumns,
      ],
      batches: batches(),
      doing: 'encoding',
      done: `encoded as ${names.length} numbers each`,
    },
    terminal,
  );
}
