import type { ExitCode } from '../run/exit-code.ts';
import type { GenerateCommandOptions } from '../generate.ts';
import type { Run } from '../run/run.ts';
import { imagesOfCodes } from './images-of-codes.ts';
import { refuseTableOptions } from './image-input.ts';
import { openImageModel } from './open-image-model.ts';
import { writePictures } from './write-pictures.ts';

/** `unlikely generate` with an image model: random codes, decoded. */
export async function generateImages(
  options: GenerateCommandOptions,
  terminal: Run,
): Promise<ExitCode> {
  // An image is always the mean: noise drawn for every pixel by itself is no part of a picture.
  refuseTableOptions(options, ['mean']);
  terminal.promise('Stopping after this batch of images');
  await using detector = await openImageModel(options, terminal);
  const { count, seed, from } = options;
  const codes = detector.latent.drawCodes(count, { seed, from });
  return await writePictures(
    options,
    detector.manifest.schema,
    {
      entries: count,
      panels: 1,
      made: imagesOfCodes(detector, [codes], count, terminal.signal),
      doing: 'generating',
      done: `generated from the ${from}, seed ${seed}`,
      more: { from, seed },
    },
    terminal,
  );
}
