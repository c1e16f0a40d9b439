import { dataError } from '../data-error.ts';
import type { ImageLevels } from './write-image.ts';

/** How images lie beside one another. */
export interface ImageGridOptions {
  /** Images beside one another. */
  readonly columns: number;
  /** Pixels between images and around them. Default: 2. */
  readonly padding?: number;
  /** Level of the padding, in [0, 1]. Default: 1, white. */
  readonly background?: number;
  /** Whole number by which images are enlarged, each pixel a square. Default: 1. */
  readonly scale?: number;
}

/**
 * Images of one size in rows of `columns`, first row first; undefined leaves its place empty. Grey
 * beside colour makes the grid colour.
 */
export function imageGrid(
  images: readonly (ImageLevels | undefined)[],
  { columns, padding = 2, background = 1, scale = 1 }: ImageGridOptions,
): ImageLevels {
  const present = images.filter((image) => image !== undefined);
  const [first] = present;
  if (
    first === undefined ||
    present.some(({ width, height }) => width !== first.width || height !== first.height)
  ) {
    throw dataError('data/wrong-option', 'expected images of one size, and one at least', {
      help: 'Resize them with the settings of one model.',
    });
  }
  const [width, height] = [first.width * scale, first.height * scale];
  const channels = present.some((image) => image.channels === 3) ? 3 : 1;
  const across = columns * (width + padding) + padding;
  const down = Math.ceil(images.length / columns) * (height + padding) + padding;
  const data = new Float32Array(channels * across * down).fill(background);
  for (const [index, image] of images.entries()) {
    if (image === undefined) continue;
    const left = padding + (index % columns) * (width + padding);
    const top = padding + Math.floor(index / columns) * (height + padding);
    for (let channel = 0; channel < channels; channel++) {
      const plane = image.channels === 1 ? 0 : channel * image.width * image.height;
      for (let y = 0; y < height; y++) {
        const from = plane + Math.floor(y / scale) * image.width;
        const to = channel * across * down + (top + y) * across + left;
        for (let x = 0; x < width; x++) data[to + x] = image.data[from + Math.floor(x / scale)]!;
      }
    }
  }
  return { data, width: across, height: down, channels };
}
