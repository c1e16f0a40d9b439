import { isImageInput } from '@unlikely/data';
import { codesOfTable } from '@unlikely/detect';
import { commandError } from '../../command-error.ts';
import type { DecodeOptions } from '../decode.ts';
import { openInput } from '../input.ts';
import type { ExitCode } from '../run/exit-code.ts';
import type { Run } from '../run/run.ts';
import { imagesOfCodes } from './images-of-codes.ts';
import { refuseTableOptions } from './image-input.ts';
import { openImageModel } from './open-image-model.ts';
import { writePictures } from './write-pictures.ts';

/** `unlikely decode` with an image model: the image that each code of a table stands for. */
export async function decodeImages(options: DecodeOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, ['keep']);
  if (await isImageInput(options.codes)) {
    throw commandError(
      'command/wrong-kind',
      `expected a table of codes, but ${options.codes} is images`,
      { help: 'unlikely encode makes codes of images, unlikely reconstruct does both at once.' },
    );
  }
  terminal.promise('Stopping after this batch of codes');
  await using detector = await openImageModel(options, terminal);
  await using table = await openInput(options.codes, terminal);
  const { schema: settings, configuration } = detector.manifest;
  const entries = await table.rowCount();
  const { signal } = terminal;
  async function* codes() {
    for await (const batch of codesOfTable(table, configuration.latentSize, { signal })) {
      yield batch.codes;
    }
  }
  return await writePictures(
    options,
    settings,
    {
      entries,
      panels: 1,
      made: imagesOfCodes(detector, codes(), entries, signal),
      doing: 'decoding',
      done: 'decoded',
    },
    terminal,
  );
}
