import type { Sharp, SharpInput, SharpOptions } from 'sharp';
import { dataError } from '../data-error.ts';
import type { RawImage } from './bmp.ts';
import type { ImageFit, ImageSettings } from './image-settings.ts';

/** An encoded image, or one that another decoder has decoded. */
export type ImageInput = Uint8Array | RawImage;

/** What an image says of itself before it is decoded. */
export interface ImageHeader {
  /** Pixels across and down as stored, before it is turned. */
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
  readonly bits: 8 | 16;
  readonly transparent: boolean;
  /** EXIF orientation; 1 is upright. */
  readonly orientation: number;
}

/** Pixels, interleaved: row, column, channel. */
export interface InterleavedPixels {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

type SharpModule = (input?: SharpInput, options?: SharpOptions) => Sharp;

let loading: Promise<SharpModule> | undefined;

/** Loaded with the first image: tables need none of it. */
function loadSharp(): Promise<SharpModule> {
  loading ??= import('sharp').then(
    ({ default: sharp }) => {
      // Its cache remembers files and operations; images here are read once.
      sharp.cache(false);
      return sharp;
    },
    (cause: unknown) => {
      throw dataError(
        'data/no-image-decoder',
        `expected the image decoder "sharp" for ${process.platform} ${process.arch}, but it cannot be loaded`,
        { help: 'Install with optional packages: npm install --include=optional.', cause },
      );
    },
  );
  return loading;
}

/** Reads the header alone, however many pixels it promises; or says why such pixels are not read. */
export async function readHeader(bytes: Uint8Array): Promise<ImageHeader | string> {
  const sharp = await loadSharp();
  const { width, height, depth, space, hasAlpha, orientation } = await sharp(bytes, {
    limitInputPixels: false,
  }).metadata();
  if (depth !== 'uchar' && depth !== 'ushort') {
    return `its pixels are of type ${depth}, and not 8 or 16 bits`;
  }
  return {
    width,
    height,
    grey: space === 'b-w' || space === 'grey16',
    bits: depth === 'ushort' ? 16 : 8,
    transparent: hasAlpha,
    orientation: orientation ?? 1,
  };
}

const fitNames: Readonly<Record<ImageFit, 'fill' | 'contain' | 'cover'>> = {
  stretch: 'fill',
  contain: 'contain',
  cover: 'cover',
};

/**
 * Decodes, turns upright, flattens, resizes (Lanczos) and converts to the channels of the settings;
 * numbers stay on the scale of the file: to 255, or to 65,535 where image and settings have 16 bits.
 */
export async function decodePixels(
  input: ImageInput,
  header: ImageHeader,
  settings: ImageSettings,
): Promise<Uint8Array | Uint16Array> {
  const { width, height, channels, fit, background, maximum } = settings;
  const deep = settings.bits === 16 && header.bits === 16;
  // Of a deep image, sharp takes the upper byte of the colour.
  const level = deep ? (background * maximum) / 256 : background * 255;
  const colour = { r: level, g: level, b: level };
  // Opacity of a bitmap is left aside: most programs write nothing of use there.
  let image = input instanceof Uint8Array ? await open(input) : (await open(input)).removeAlpha();
  if (header.orientation > 1) image = image.autoOrient();
  if (header.transparent) image = image.flatten({ background: colour });
  if (header.width !== width || header.height !== height || header.orientation > 4) {
    image = image.resize(width, height, { fit: fitNames[fit], background: colour });
  }
  return readPixels(image, channels, deep);
}

/** The image as small as `side`, in colour of 8 bits, for a look at it. */
export async function decodeThumbnail(input: ImageInput, side: number): Promise<Uint8Array> {
  const image = (await open(input)).resize(side, side, { fit: 'inside', withoutEnlargement: true });
  return (await readPixels(image.removeAlpha(), 3, false)) as Uint8Array;
}

/** The brightest stored number of an image. */
export async function brightestPixel(input: ImageInput, header: ImageHeader): Promise<number> {
  const image = await open(input);
  const channels = header.grey ? 1 : 3;
  const pixels = await readPixels(image.removeAlpha(), channels, header.bits === 16);
  let brightest = 0;
  for (const value of pixels) brightest = Math.max(brightest, value);
  return brightest;
}

async function open(input: ImageInput): Promise<Sharp> {
  const sharp = await loadSharp();
  // The size has been checked on the header. Embedded colour profiles are left aside: the numbers
  // of the file are what was measured.
  const options = { limitInputPixels: false, failOn: 'error', ignoreIcc: true } as const;
  if (input instanceof Uint8Array) return sharp(input, options);
  const { data, width, height } = input;
  return sharp(data, { ...options, raw: { width, height, channels: 4 } });
}

async function readPixels(
  image: Sharp,
  channels: 1 | 3,
  deep: boolean,
): Promise<Uint8Array | Uint16Array> {
  if (!deep)
    return image
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer();
  const space = channels === 1 ? 'grey16' : 'rgb16';
  const bytes = await image.toColourspace(space).raw({ depth: 'ushort' }).toBuffer();
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Encodes as PNG of 8 or 16 bits, grey or colour, without loss. */
export async function encodePng(pixels: InterleavedPixels): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const { data, width, height } = pixels;
  const channels = pixels.channels === 1 ? 1 : 3;
  const deep = data instanceof Uint16Array;
  const space = channels === 1 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  return sharp(data, { raw: { width, height, channels } })
    .toColourspace(space)
    .png({ compressionLevel: 9 })
    .toBuffer();
}
