import { UnlikelyError } from '@unlikely/graph';
import { decodeBmp, readBmpSize } from './bmp.ts';
import { formatOfBytes, formatNames } from './image-format.ts';
import type { EncodedBytes } from './encoded-images.ts';
import { pixelCount, type ImageSettings } from './image-settings.ts';
import type { ImageConversions } from './image-source.ts';
import { WorkBudget } from './work-budget.ts';
import { decodePixels, readHeader, type ImageHeader, type ImageInput } from './sharp.ts';

/** Stored pixels of one image: channel, row, column. */
export interface DecodedImage {
  readonly pixels: Uint8Array | Uint16Array;
  /** 1 for each thing that was done to it. */
  readonly conversions: ImageConversions;
}

/** Why an image is not decoded; `tooLarge` where its size is the reason. */
export interface Refusal {
  readonly reason: string;
  readonly tooLarge: boolean;
}

/** An image whose header is known and within the limit. */
export interface OpenedImage {
  readonly header: ImageHeader;
  readonly input: () => Promise<ImageInput>;
}

/** Pixels that are decoded at the same time, over all images in flight. */
const pixelBudget = new WorkBudget(32_000_000);

/** Encoded bytes that are held at the same time; a small header can stand before a large rest. */
const byteBudget = new WorkBudget(256_000_000);

/** Loads an image, reads its header and gives it to `use`, or says why not. */
export async function withImage<Result>(
  { size, load }: EncodedBytes,
  maximumPixels: number,
  use: (image: OpenedImage) => Promise<Result>,
): Promise<Result | Refusal> {
  const length = await size().catch(refusalOf);
  if (typeof length !== 'number') return length;
  return byteBudget.run(length, async () => {
    const bytes = await load().catch(refusalOf);
    return 'reason' in bytes ? bytes : openImage(bytes, maximumPixels, use);
  });
}

async function openImage<Result>(
  bytes: Uint8Array,
  maximumPixels: number,
  use: (image: OpenedImage) => Promise<Result>,
): Promise<Result | Refusal> {
  const format = formatOfBytes(bytes);
  if (format === undefined) return refuse(describeStart(bytes));
  try {
    const header = format === 'bmp' ? bmpHeader(bytes) : await readHeader(bytes);
    if (typeof header === 'string') return refuse(header);
    const { width, height } = header;
    if (width * height > maximumPixels) {
      const limit = `the limit of ${maximumPixels / 1e6} megapixels`;
      return { reason: `${width} × ${height} pixels are more than ${limit}`, tooLarge: true };
    }
    const input = async (): Promise<ImageInput> => (format === 'bmp' ? decodeBmp(bytes) : bytes);
    return await pixelBudget.run(width * height, () => use({ header, input }));
  } catch (error) {
    // Errors of ours are about the machine, not the image.
    if (error instanceof UnlikelyError) throw error;
    // What the decoder says is no use: its threads share one place for messages.
    return refuse(`the ${formatNames[format]} image is damaged or incomplete`);
  }
}

/** Decodes an image to the stored pixels of the settings. */
export function decodeImage(
  stored: EncodedBytes,
  settings: ImageSettings,
  maximumPixels: number,
): Promise<DecodedImage | Refusal> {
  return withImage(stored, maximumPixels, async ({ header, input }) => {
    const interleaved = await decodePixels(await input(), header, settings);
    const { channels, bits } = settings;
    const turned = header.orientation > 1;
    const upright =
      header.orientation > 4 ? [header.height, header.width] : [header.width, header.height];
    return {
      pixels: storedPixels(interleaved, header, settings),
      conversions: {
        resized: Number(upright[0] !== settings.width || upright[1] !== settings.height),
        toGrey: Number(channels === 1 && !header.grey),
        toColour: Number(channels === 3 && header.grey),
        flattened: Number(header.transparent),
        turned: Number(turned),
        rescaled: Number(header.bits !== bits),
      },
    };
  });
}

/** Brings numbers to the scale of the settings, and channels from beside one another to behind. */
function storedPixels(
  interleaved: Uint8Array | Uint16Array,
  { bits }: ImageHeader,
  settings: ImageSettings,
): Uint8Array | Uint16Array {
  const { channels, maximum } = settings;
  const length = pixelCount(settings);
  const stored = settings.bits === 8 ? new Uint8Array(length) : new Uint16Array(length);
  const shallow = settings.bits === 16 && bits === 8;
  const area = length / channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let place = 0; place < area; place++) {
      const value = interleaved[place * channels + channel]!;
      stored[channel * area + place] = shallow
        ? Math.round((value * maximum) / 255)
        : Math.min(value, maximum);
    }
  }
  return stored;
}

function bmpHeader(bytes: Uint8Array): ImageHeader {
  const size = readBmpSize(bytes);
  return { ...size, grey: false, bits: 8, transparent: false, orientation: 1 };
}

function refusalOf(error: unknown): Refusal {
  return refuse(error instanceof Error ? error.message : String(error));
}

function refuse(reason: string): Refusal {
  return { reason, tooLarge: false };
}

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'the file is empty';
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  const shown = start.replaceAll(/[^ -~]/g, '·');
  return `not a PNG, JPEG, WebP, TIFF or BMP image: it starts with "${shown}"`;
}
