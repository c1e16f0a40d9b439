import { writeFileWhole } from '../files/whole-file.ts';
import { encodePng, type InterleavedPixels } from './sharp.ts';

/** Levels in [0, 1] of one image, `[channels, height, width]`; others are brought to the nearest. */
export interface ImageLevels {
  /** [channels, height, width]. */
  readonly data: Float32Array;
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** 1: grey, 3: red, green, blue. */
  readonly channels: 1 | 3;
}

/** The image as the bytes of a PNG file, without loss at 8 or 16 bits a channel. Default: 8. */
export async function toPng(image: ImageLevels, bits: 8 | 16 = 8): Promise<Uint8Array> {
  return encodePng(interleave(image, bits));
}

/** Writes an image as PNG; the file appears whole or not at all. Throws `data/not-writable`. */
export async function writePng(path: string, image: ImageLevels, bits: 8 | 16 = 8): Promise<void> {
  await writeFileWhole(path, await toPng(image, bits));
}

function interleave(
  { data, width, height, channels }: ImageLevels,
  bits: 8 | 16,
): InterleavedPixels {
  const area = width * height;
  const maximum = 2 ** bits - 1;
  const pixels = bits === 8 ? new Uint8Array(area * channels) : new Uint16Array(area * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let place = 0; place < area; place++) {
      const level = Math.min(1, Math.max(0, data[channel * area + place]!));
      pixels[place * channels + channel] = Math.round(level * maximum);
    }
  }
  return { data: pixels, width, height, channels };
}
