import type { Images } from '@unlikely/detect';
import { defined } from '../defined.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { rowNumbers } from '../row-numbers.ts';
import type { Run } from '../run/run.ts';
import type { TraverseOptions } from '../traverse.ts';
import { openChosenImages } from './chosen-images.ts';
import { refuseTableOptions } from './image-input.ts';
import { levelsAt } from '../../report/levels-at.ts';
import { pictureName } from './image-levels.ts';
import { openImageModel } from './open-image-model.ts';
import type { PictureEntry } from './picture-output.ts';
import { writePictures } from './write-pictures.ts';

/** `unlikely traverse` with an image model: a line for each latent unit, its values from left to right. */
export async function traverseImages(options: TraverseOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options);
  const units = options.units && rowNumbers(options.units);
  terminal.promise('Stopping; nothing is written');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  const { schema: settings, configuration } = detector.manifest;
  const { input, row, steps, range } = options;
  const startAt = async (path: string): Promise<Images | undefined> => {
    const chosen = { input: path, rows: [String(row)] };
    await using images = await openChosenImages(chosen, settings, terminal);
    for await (const image of images.batches(signal)) return image;
    return undefined;
  };
  const image = input === undefined ? undefined : await startAt(input);
  const drawn = units?.length ?? configuration.latentSize;
  async function* made(): AsyncGenerator<PictureEntry> {
    const { data, unit } = await detector.latent.traverse({
      steps,
      range,
      ...defined({ units, from: image }),
    });
    for (let at = 0; at < drawn * steps; at++) {
      const [which, step] = [
        pictureName(unit[at]!, configuration.latentSize),
        pictureName(at % steps, steps),
      ];
      yield { name: `unit-${which}-step-${step}`, panels: [levelsAt(data, at, settings)] };
    }
  }
  return await writePictures(
    options,
    settings,
    {
      entries: drawn * steps,
      panels: 1,
      columns: steps,
      made: made(),
      doing: 'decoding',
      done: `${image === undefined ? 'from the middle of the prior' : `from row ${row}`}, a line for each unit`,
      more: { units: units ?? Array.from({ length: drawn }, (_, index) => index), range },
    },
    terminal,
  );
}
