import type { ImageLevels, ImageSettings } from '@unlikely/data';

/** One image of a batch, [channels, height, width]. */
export function levelsAt(
  data: Float32Array,
  index: number,
  { width, height, channels }: ImageSettings,
): ImageLevels {
  const length = width * height * channels;
  return { data: data.slice(index * length, (index + 1) * length), width, height, channels };
}
