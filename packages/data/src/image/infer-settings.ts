import { RandomStream } from '@unlikely/graph';
import { dataError } from '../data-error.ts';
import { chooseRows } from '../sample/choose-rows.ts';
import { withImage } from './decode-image.ts';
import { unreadableImages } from './failure-tally.ts';
import {
  imageSides,
  largestDefaultSide,
  type ImageSettings,
  type ImageSettingsOptions,
} from './image-settings.ts';
import type { ImageFailure } from './image-source.ts';
import { inOrder } from './in-order.ts';
import type { Selection } from './read-images.ts';
import { brightestPixel, decodeThumbnail, type ImageHeader, type ImageInput } from './sharp.ts';

const sampledImages = 200;
const imagesInFlight = 8;
const thumbnailSide = 64;
/** Channels of grey pixels differ by rounding at most. */
const greyTolerance = 2;

/** What one image says about settings for all. */
interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
  readonly bits: 8 | 16;
  /** Brightest stored number of an image of 16 bits. */
  readonly brightest: number;
}

/** Looks at a sample of the images and decides by rules; what is asked for is taken as it is. */
export async function inferImageSettings(
  selection: Selection,
  options: ImageSettingsOptions,
): Promise<ImageSettings> {
  checkOptions(options);
  const facts = await gatherFacts(selection, options.seed);
  const { fit = 'stretch', background = 1 } = options;
  const { width, height, reason } = chooseSize(facts, options.size);
  const coloured = facts.filter(({ grey }) => !grey).length;
  const channels = options.channels ?? (coloured === 0 ? 1 : 3);
  const { bits, maximum, range } = chooseRange(facts);
  return {
    width,
    height,
    channels,
    fit,
    background,
    bits,
    maximum,
    reasons: {
      size: reason,
      channels:
        options.channels === undefined ? describeColour(coloured, facts.length) : 'as asked',
      range,
    },
  };
}

async function gatherFacts(
  { images, rows, maximumPixels }: Selection,
  seed: number,
): Promise<ImageFacts[]> {
  if (rows.length === 0) {
    throw dataError('data/no-images', 'expected images, but there are none', {
      help: 'Check the folder, or the labels that were asked for.',
    });
  }
  const stream = new RandomStream(seed, 'image-settings');
  const chosen = Int32Array.from(
    chooseRows(rows.length, sampledImages, stream),
    (row) => rows[row]!,
  );
  const failures: ImageFailure[] = [];
  let tooLarge = 0;
  const facts: ImageFacts[] = [];
  const results = inOrder(images.read(chosen), imagesInFlight, async ({ row, name, ...bytes }) => ({
    row,
    name,
    result: await withImage(bytes, maximumPixels, async ({ header, input }) =>
      factsOf(header, await input()),
    ),
  }));
  for await (const { row, name, result } of results) {
    if ('reason' in result) {
      failures.push({ row, name, reason: result.reason });
      if (result.tooLarge) tooLarge++;
    } else facts.push(result);
  }
  // A few failures are not judged here: the share that is allowed counts in the pass over all.
  if (facts.length === 0) throw unreadableImages(failures, tooLarge, 'readable images');
  return facts;
}

async function factsOf(header: ImageHeader, input: ImageInput): Promise<ImageFacts> {
  const { bits, orientation } = header;
  const lying = orientation > 4;
  return {
    width: lying ? header.height : header.width,
    height: lying ? header.width : header.height,
    grey: header.grey || isGrey(await decodeThumbnail(input, thumbnailSide)),
    bits,
    brightest: bits === 16 ? await brightestPixel(input, header) : 0,
  };
}

function isGrey(pixels: Uint8Array): boolean {
  for (let place = 0; place < pixels.length; place += 3) {
    const [red, green, blue] = [pixels[place]!, pixels[place + 1]!, pixels[place + 2]!];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > greyTolerance) return false;
  }
  return true;
}

/** The longer side is the largest of the list that the images have; the other keeps the proportions. */
function chooseSize(
  facts: readonly ImageFacts[],
  asked: number | undefined,
): { width: number; height: number; reason: string } {
  const across = median(facts.map(({ width }) => width));
  const down = median(facts.map(({ height }) => height));
  const same = facts.every(({ width, height }) => width === across && height === down);
  const seen = same
    ? `the images are ${across} × ${down}`
    : `the images are ${across} × ${down} in the median`;
  const longer = Math.max(across, down);
  const limit = Math.min(longer, largestDefaultSide);
  const long = asked ?? imageSides.findLast((side) => side <= limit) ?? imageSides[0]!;
  const ideal = (long * Math.min(across, down)) / longer;
  const candidates = [...imageSides.filter((side) => side < long), long];
  const short = candidates.reduce((best, side) =>
    // By ratio: 28 for 40 changes as much as 40 for 57.
    Math.abs(Math.log(side / ideal)) < Math.abs(Math.log(best / ideal)) ? side : best,
  );
  const size = across >= down ? { width: long, height: short } : { width: short, height: long };
  const bound = longer > largestDefaultSide ? `; ${largestDefaultSide} at most unless asked` : '';
  const reason = asked === undefined ? `${seen}${bound}` : `as asked; ${seen}`;
  return { ...size, reason };
}

function chooseRange(facts: readonly ImageFacts[]): {
  bits: 8 | 16;
  maximum: number;
  range: string;
} {
  const deep = facts.filter(({ bits }) => bits === 16);
  if (deep.length === 0) return { bits: 8, maximum: 255, range: '8 bits: 0 to 255' };
  const brightest = Math.max(...deep.map((one) => one.brightest));
  const used = Math.min(16, Math.max(8, Math.ceil(Math.log2(brightest + 1))));
  const maximum = 2 ** used - 1;
  const range = `16 bits, of which ${used} are used: 0 to ${maximum}; the brightest of ${deep.length} images is ${brightest}`;
  return { bits: 16, maximum, range };
}

function describeColour(coloured: number, total: number): string {
  if (coloured === 0) return `grey: all ${total} images looked at are`;
  return `colour: ${coloured} of ${total} images looked at have it`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function checkOptions({ size, channels, background, fit }: ImageSettingsOptions): void {
  const fail = (message: string, help: string): never => {
    throw dataError('data/wrong-option', message, { help });
  };
  if (size !== undefined && !(size >= 28 && size <= 256 && size % 4 === 0)) {
    fail(
      `expected a size from 28 to 256 that is a multiple of 4, but got ${size}`,
      `Common sizes are ${imageSides.join(', ')}.`,
    );
  }
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    fail(`expected 1 or 3 channels, but got ${String(channels)}`, '1 is grey, 3 is colour.');
  }
  if (background !== undefined && !(background >= 0 && background <= 1)) {
    fail(`expected a background in [0, 1], but got ${background}`, '0 is black, 1 is white.');
  }
  if (fit !== undefined && !['stretch', 'contain', 'cover'].includes(fit)) {
    fail(`expected the fit stretch, contain or cover, but got ${String(fit)}`, 'Choose one.');
  }
}
