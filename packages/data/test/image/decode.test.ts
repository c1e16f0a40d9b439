import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  heatMap,
  imageGrid,
  openImages,
  toPng,
  writePng,
  type ImageLevels,
  type ImageSettings,
} from '@unlikely/data';
import { decodeImage, type DecodedImage } from '../../src/image/decode-image.ts';
import { temporaryDirectory } from '../small-table.ts';
import { bitmap, encode, picture, writeFiles } from './made-images.ts';

const reasons = { size: '', channels: '', range: '' };
const grey: ImageSettings = {
  width: 28,
  height: 32,
  channels: 1,
  fit: 'stretch',
  background: 1,
  bits: 8,
  maximum: 255,
  reasons,
};
const colour: ImageSettings = { ...grey, channels: 3 };
const limit = 64_000_000;

async function decode(bytes: Uint8Array, settings: ImageSettings): Promise<DecodedImage> {
  const result = await decodeImage(
    { size: async () => bytes.length, load: async () => bytes },
    settings,
    limit,
  );
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

/** `[height, width, channels]` to `[channels, height, width]`. */
function planes<Pixels extends Uint8Array | Uint16Array>(data: Pixels, channels: number): number[] {
  const area = data.length / channels;
  return Array.from({ length: data.length }, (_, place) => {
    const channel = Math.floor(place / area);
    return data[(place % area) * channels + channel]!;
  });
}

describe('decoding', () => {
  it.each([1, 3] as const)(
    'gives back what a PNG of 8 bits and %i channels holds',
    async (channels) => {
      const pixels = picture(28, 32, channels, 1);
      const bytes = await encode(pixels, 28, 32, channels).png().toBuffer();
      const decoded = await decode(bytes, { ...grey, channels });
      expect([...decoded.pixels]).toEqual(planes(pixels, channels));
      expect(Object.values(decoded.conversions).every((count) => count === 0)).toBe(true);
    },
  );

  it.each([1, 3] as const)(
    'gives back what a PNG of 16 bits and %i channels holds',
    async (channels) => {
      const pixels = Uint16Array.from(
        picture(28, 32, channels, 2),
        (value, place) => value * 250 + (place % 7),
      );
      const bytes = await encode(pixels, 28, 32, channels).png().toBuffer();
      const settings = { ...grey, channels, bits: 16, maximum: 65_535 } as const;
      expect([...(await decode(bytes, settings)).pixels]).toEqual(planes(pixels, channels));
    },
  );

  it('gives the same pixels from PNG, WebP, TIFF and BMP without loss', async () => {
    const pixels = picture(28, 32, 3, 3);
    const image = encode(pixels, 28, 32, 3);
    const files = [
      await image.png().toBuffer(),
      await image.webp({ lossless: true, exact: true }).toBuffer(),
      await image.tiff({ compression: 'lzw' }).toBuffer(),
      bitmap(pixels, 28, 32),
    ];
    for (const file of files)
      expect([...(await decode(file, colour)).pixels]).toEqual(planes(pixels, 3));
  });

  it('reads a JPEG to within its loss', async () => {
    const smooth = Uint8Array.from({ length: 28 * 32 }, (_, place) => 40 + (place % 28) * 5);
    const decoded = await decode(
      await encode(smooth, 28, 32, 1).jpeg({ quality: 95 }).toBuffer(),
      grey,
    );
    const worst = Array.from(decoded.pixels).reduce(
      (most, value, place) => Math.max(most, Math.abs(value - smooth[place]!)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(3);
  });

  it('turns an image upright as the camera noted', async () => {
    const pixels = picture(32, 28, 1, 4);
    const image = encode(pixels, 32, 28, 1);
    const lying = await image.withMetadata({ orientation: 6 }).png().toBuffer();
    const decoded = await decode(lying, grey);
    // Orientation 6: the first row of the file is the right side of the picture.
    const upright = Array.from({ length: 28 * 32 }, (_, place) => {
      const [x, y] = [place % 28, Math.floor(place / 28)];
      return pixels[(27 - x) * 32 + y]!;
    });
    expect([...decoded.pixels]).toEqual(upright);
    expect(decoded.conversions).toMatchObject({ turned: 1, resized: 0 });
  });

  it('shows the background behind what is transparent', async () => {
    const pixels = Uint8Array.from({ length: 28 * 32 * 4 }, (_, place) =>
      place % 4 === 3 ? (place % 8 === 3 ? 0 : 255) : 100,
    );
    const bytes = await encode(pixels, 28, 32, 4).png().toBuffer();
    const decoded = await decode(bytes, { ...colour, background: 0.2 });
    expect([...decoded.pixels].slice(0, 4)).toEqual([51, 100, 51, 100]);
    expect(decoded.conversions.flattened).toBe(1);
  });

  it('converts between grey and colour, and says so', async () => {
    const pixels = picture(28, 32, 1, 5);
    const bytes = await encode(pixels, 28, 32, 1).png().toBuffer();
    const asColour = await decode(bytes, colour);
    expect([...asColour.pixels]).toEqual([...pixels, ...pixels, ...pixels]);
    expect(asColour.conversions.toColour).toBe(1);
    const back = await decode(
      await encode(pixels, 28, 32, 1).toColourspace('srgb').png().toBuffer(),
      grey,
    );
    expect([...back.pixels]).toEqual([...pixels]);
    const red = Uint8Array.from({ length: 28 * 32 * 3 }, (_, place) => (place % 3 === 0 ? 255 : 0));
    const dark = await decode(await encode(red, 28, 32, 3).png().toBuffer(), grey);
    expect(dark.conversions.toGrey).toBe(1);
    // BT.709 luminance of pure red in linear light, 0.2126, is 127 in sRGB.
    expect(Math.abs(dark.pixels[0]! - 127)).toBeLessThanOrEqual(1);
  });

  it('brings 8 bits to the scale of 16 and the other way round', async () => {
    const pixels = Uint8Array.from({ length: 28 * 32 }, (_, place) => place % 256);
    const bytes = await encode(pixels, 28, 32, 1).png().toBuffer();
    const deep = await decode(bytes, { ...grey, bits: 16, maximum: 4095 });
    expect(deep.pixels[255]).toBe(4095);
    expect(deep.pixels[51]).toBe(819);
    expect(deep.conversions.rescaled).toBe(1);
    const wide = Uint16Array.from(pixels, (value) => value * 257);
    const shallow = await decode(await encode(wide, 28, 32, 1).png().toBuffer(), grey);
    expect([...shallow.pixels]).toEqual([...pixels]);
  });

  it.each(['stretch', 'contain', 'cover'] as const)('makes an image fit by %s', async (fit) => {
    // Left half black, right half white, twice as wide as high.
    const pixels = Uint8Array.from({ length: 128 * 64 }, (_, place) =>
      place % 128 < 64 ? 0 : 255,
    );
    const bytes = await encode(pixels, 128, 64, 1).png().toBuffer();
    const settings = { ...grey, width: 32, height: 32, fit, background: 0.4 } as const;
    const { pixels: out, conversions } = await decode(bytes, settings);
    const at = (x: number, y: number): number => out[y * 32 + x]!;
    expect(conversions.resized).toBe(1);
    expect([at(2, 16), at(29, 16)]).toEqual([0, 255]);
    expect(at(2, 1)).toBe(fit === 'contain' ? 102 : 0);
  });
});

describe('writing', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  it.each([8, 16] as const)('decodes what it encoded with %i bits', async (bits) => {
    const maximum = 2 ** bits - 1;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1 as const, 3 as const),
        fc.integer(),
        async (channels, seed) => {
          const stored = picture(28, 28, channels, seed);
          const data = Float32Array.from(stored, (value, place) =>
            bits === 8 ? value / 255 : (value * 257 - (place % 3 && value > 0 ? 1 : 0)) / maximum,
          );
          const png = await toPng({ data, width: 28, height: 28, channels }, bits);
          const settings = { ...grey, height: 28, channels, bits, maximum } as const;
          const { pixels } = await decode(png, settings);
          expect(Float32Array.from(pixels, (value) => value / maximum)).toEqual(data);
        },
      ),
      { numRuns: 12, seed: 7 },
    );
  });

  it('writes a file that can be opened again, and names a folder that is not there', async () => {
    const image: ImageLevels = {
      data: new Float32Array(32 * 32).fill(0.6),
      width: 32,
      height: 32,
      channels: 1,
    };
    const path = join(directory.path, 'one.png');
    await writePng(path, image);
    await using source = await openImages(path);
    const settings = await source.inferSettings({ seed: 1 });
    const { data } = await source.sample(settings, 1, 1);
    expect(data[0]).toBeCloseTo(0.6, 6);
    await expect(writePng(join(directory.path, 'missing', 'one.png'), image)).rejects.toMatchObject(
      {
        code: 'data/not-writable',
      },
    );
    await writeFiles(directory.path, { 'kept.txt': 'kept' });
    expect(await readFile(join(directory.path, 'kept.txt'), 'utf8')).toBe('kept');
  });

  it('lays images out in a grid', () => {
    const one = (level: number, channels: 1 | 3): ImageLevels => ({
      data: new Float32Array(4 * channels).fill(level),
      width: 2,
      height: 2,
      channels,
    });
    const grid = imageGrid([one(0.1, 1), one(0.2, 3), undefined, one(0.4, 1)], {
      columns: 2,
      padding: 1,
      scale: 2,
    });
    expect(grid).toMatchObject({ width: 11, height: 11, channels: 3 });
    const at = (x: number, y: number, channel: number): number =>
      Math.round(grid.data[channel * 121 + y * 11 + x]! * 100) / 100;
    expect([at(0, 0, 0), at(1, 1, 2), at(4, 4, 1), at(5, 1, 0)]).toEqual([1, 0.1, 0.1, 1]);
    expect([at(6, 1, 1), at(1, 6, 0), at(6, 6, 2), at(9, 9, 0)]).toEqual([0.2, 1, 0.4, 0.4]);
    expect(() =>
      imageGrid([one(0, 1), { ...one(0, 1), width: 4, height: 1 }], { columns: 2 }),
    ).toThrow(/one size/);
  });

  it('colours a heat map in the order of the contributions', () => {
    const image: ImageLevels = {
      data: new Float32Array(64).fill(0),
      width: 64,
      height: 1,
      channels: 1,
    };
    const contributions = Float32Array.from({ length: 64 }, (_, place) => place - 10);
    const map = heatMap(image, contributions, { low: 0, high: 40 });
    const luminance = Array.from(
      { length: 64 },
      (_, place) =>
        0.2126 * map.data[place]! +
        0.7152 * map.data[64 + place]! +
        0.0722 * map.data[128 + place]!,
    );
    expect(luminance.slice(0, 11).every((value) => value === 0)).toBe(true);
    for (let place = 11; place <= 50; place++) {
      expect(luminance[place]!).toBeGreaterThan(luminance[place - 1]!);
    }
    expect(new Set(luminance.slice(50)).size).toBe(1);
    expect(map.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(() => heatMap(image, contributions.slice(1), { low: 0, high: 1 })).toThrow(
      /contributions/,
    );
  });
});
