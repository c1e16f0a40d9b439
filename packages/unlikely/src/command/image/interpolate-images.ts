import type { Images } from '@unlikely/detect';
import type { ExitCode } from '../run/exit-code.ts';
import type { InterpolateOptions } from '../interpolate.ts';
import { twoRows } from '../row-numbers.ts';
import type { Run } from '../run/run.ts';
import { openChosenImages } from './chosen-images.ts';
import { refuseTableOptions } from './image-input.ts';
import { levelsAt } from '../../report/levels-at.ts';
import { pictureName } from './image-levels.ts';
import { openImageModel } from './open-image-model.ts';
import type { PictureEntry } from './picture-output.ts';
import { writePictures } from './write-pictures.ts';

/** Steps that stand in one line. */
const mostBeside = 16;

/** `unlikely interpolate` on images: images on the way from one to another. */
export async function interpolateImages(
  options: InterpolateOptions,
  terminal: Run,
): Promise<ExitCode> {
  refuseTableOptions(options);
  const [from, to] = twoRows(options.rows);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openImageModel(options, terminal);
  const { schema: settings } = detector.manifest;
  await using images = await openChosenImages(options, settings, terminal);
  const { steps, path } = options;
  async function* made(): AsyncGenerator<PictureEntry> {
    for await (const { data } of images.batches(terminal.signal)) {
      const end = (index: 0 | 1): Images => ({
        data: levelsAt(data, index, settings).data,
        rows: 1,
      });
      const way = await detector.latent.interpolate(end(0), end(1), { steps, path });
      for (let step = 0; step < steps; step++) {
        yield { name: pictureName(step, steps), panels: [levelsAt(way.data, step, settings)] };
      }
    }
  }
  return await writePictures(
    options,
    settings,
    {
      entries: steps,
      panels: 1,
      columns: Math.min(steps, mostBeside),
      made: made(),
      doing: 'decoding',
      done: `from row ${from} to row ${to}, ${path}`,
      more: { rows: [from, to], path },
    },
    terminal,
  );
}
