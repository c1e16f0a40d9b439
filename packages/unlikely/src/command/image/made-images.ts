import type { ImageBatch, ImageLevels } from '@unlikely/data';
import type { ImageDetector, Images } from '@unlikely/detect';
import type { ExitCode } from '../run/exit-code.ts';
import type { Run } from '../run/run.ts';
import { openChosenImages } from './chosen-images.ts';
import { levelsAt } from '../../report/levels-at.ts';
import { pictureName } from './image-levels.ts';
import { openImageModel } from './open-image-model.ts';
import type { PictureEntry } from './picture-output.ts';
import { writePictures } from './write-pictures.ts';

export interface MadeImagesOptions {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly rows?: readonly string[];
  readonly threads?: number;
  readonly json?: boolean;
}

export interface MadeImagesText {
  /** Beside the progress. */
  readonly doing: string;
  /** Behind the count of images at the end. */
  readonly done: string;
  readonly more?: object;
}

/** What a command makes of a batch: for each panel of an entry the images of all rows. */
export type MakePanels = (
  detector: ImageDetector,
  batch: ImageBatch,
  signal: AbortSignal,
) => Promise<readonly Images[]>;

/** A command that draws one entry for each image of its input, in the input's order. */
export async function madeImages(
  options: MadeImagesOptions,
  { doing, done, more = {} }: MadeImagesText,
  plan: { readonly panels: number; readonly columns?: number },
  make: MakePanels,
  terminal: Run,
): Promise<ExitCode> {
  terminal.promise('Stopping after this batch of images');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  const { schema: settings } = detector.manifest;
  await using images = await openChosenImages(options, settings, terminal);
  async function* made(): AsyncGenerator<PictureEntry> {
    for await (const batch of images.batches(signal)) {
      const panels = await make(detector, batch, signal);
      for (let index = 0; index < batch.rows; index++) {
        yield {
          name: pictureName(batch.rowNumbers[index]!, images.total, batch.names[index]!),
          panels: panels.map(({ data }): ImageLevels => levelsAt(data, index, settings)),
        };
      }
    }
  }
  return await writePictures(
    options,
    settings,
    { ...plan, entries: images.count, made: made(), doing, done, more },
    terminal,
  );
}
