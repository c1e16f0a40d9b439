import type { ImageDetector, Matrix } from '@unlikely/detect';
import { levelsAt } from '../../report/levels-at.ts';
import { pictureName } from './image-levels.ts';
import type { PictureEntry } from './picture-output.ts';

/** Images that are decoded at a time: memory holds them and what their decoding takes. */
const decodedAtOnce = 128;

/** Decodes codes by and by, numbered in their order. */
export async function* imagesOfCodes(
  detector: ImageDetector,
  batches: AsyncIterable<Matrix> | Iterable<Matrix>,
  total: number,
  signal: AbortSignal,
): AsyncGenerator<PictureEntry> {
  const { schema: settings } = detector.manifest;
  let number = 0;
  for await (const { data, rows, columns } of batches) {
    for (let start = 0; start < rows; start += decodedAtOnce) {
      const count = Math.min(decodedAtOnce, rows - start);
      const part = data.subarray(start * columns, (start + count) * columns);
      const images = await detector.latent.decode({ data: part, rows: count, columns }, { signal });
      for (let index = 0; index < count; index++) {
        const panels = [levelsAt(images.data, index, settings)];
        yield { name: pictureName(number++, total), panels };
      }
    }
  }
}
