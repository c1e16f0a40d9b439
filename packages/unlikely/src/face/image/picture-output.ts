import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { imageGrid, toPng, writeFileWhole, writePng } from '@unlikely/data';
import type { ImageLevels, ImageSettings } from '@unlikely/data';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { makeFolder } from '../../command/make-folder.ts';
import type { Terminal } from '../../command/run/terminal.ts';

/** What is drawn of one image: itself, or panels beside one another. */
export interface PictureEntry {
  /** Of its file in a folder, without the ending. */
  readonly name: string;
  readonly panels: readonly ImageLevels[];
}

export interface PicturePlan {
  /** Entries that come, at most. */
  readonly entries: number;
  /** Panels of an entry. */
  readonly panels: number;
  /** Entries beside one another in a grid; default: as many as make it about square. */
  readonly columns?: number;
}

export interface PictureSink {
  add(entry: PictureEntry): Promise<void>;
  /** Writes what is left to write, and says what there is. */
  close(): Promise<{ readonly files: number; readonly bytes?: number }>;
}

/** Small images are enlarged in a grid until the longer side has about this many pixels. */
const shownSide = 84;
/** A grid of more pixels is no picture to look at, and some hundred megabytes to make. */
const mostPixels = 16_000_000;
const panelGap = 1;
const entryGap = 4;

/**
 * Where pictures go: `-o` that ends with .png is one picture with all images in a grid, `-` the same
 * on standard output, and anything else a folder with a PNG file for each image.
 *
 * @throws UnlikelyError `usage/invalid` for another ending or too large a grid, `usage/missing` for
 *   pictures that would go to a terminal, `command/not-writable`.
 */
export async function openPictures(
  output: string,
  settings: ImageSettings,
  plan: PicturePlan,
  terminal: Terminal,
): Promise<PictureSink> {
  const ending = extname(output).toLowerCase();
  if (output === '-' || ending === '.png') {
    if (output === '-' && terminal.isOutputShown) {
      throw commandError(
        'usage/missing',
        'expected --output, since a picture would go to the terminal',
        { help: 'A file makes a grid: -o grid.png. A folder gets a file for each image: -o made/' },
      );
    }
    return grid(output, settings, plan, terminal);
  }
  const isFolder =
    output.endsWith('/') || (await stat(output).catch(() => undefined))?.isDirectory() === true;
  if (ending !== '' && !isFolder) {
    throw commandError(
      'usage/invalid',
      `expected a .png file or a folder for pictures, got ${output}`,
      { help: 'A file makes a grid: -o grid.png. A folder gets a file for each image: -o made/' },
    );
  }
  await makeFolder(output);
  return folder(output, settings);
}

function folder(path: string, { bits }: ImageSettings): PictureSink {
  let files = 0;
  return {
    async add({ name, panels }) {
      const whole =
        panels.length === 1
          ? panels[0]!
          : imageGrid(panels, { columns: panels.length, padding: panelGap });
      await writePng(join(path, `${name}.png`), whole, bits);
      files++;
    },
    close: () => Promise.resolve({ files }),
  };
}

function grid(
  output: string,
  { width, height, bits }: ImageSettings,
  { entries, panels, columns }: PicturePlan,
  terminal: Terminal,
): PictureSink {
  const sizeAt = (scale: number) => {
    const across = panels * (width * scale + panelGap) + panelGap + entryGap;
    const down = height * scale + 2 * panelGap + entryGap;
    const beside = columns ?? squareColumns(entries, Math.sqrt((entries * down) / across));
    const rows = Math.ceil(entries / beside);
    return { beside, pixels: (beside * across + entryGap) * (rows * down + entryGap) };
  };
  let scale = Math.max(1, Math.round(shownSide / Math.max(width, height)));
  while (scale > 1 && sizeAt(scale).pixels > mostPixels) scale--;
  const { beside, pixels } = sizeAt(scale);
  if (pixels > mostPixels) {
    throw commandError(
      'usage/invalid',
      `expected a grid of at most ${formatCount(mostPixels / 1e6)} megapixels, got ${formatCount(entries)} images, which make ${formatCount(pixels / 1e6)}`,
      { help: 'Write them into a folder, -o made/, or fewer of them.' },
    );
  }
  const drawn: ImageLevels[] = [];
  return {
    async add(entry) {
      drawn.push(
        imageGrid(entry.panels, { columns: entry.panels.length, padding: panelGap, scale }),
      );
    },
    async close() {
      if (drawn.length === 0) return { files: 0 };
      const png = await toPng(
        imageGrid(drawn, { columns: Math.min(beside, drawn.length), padding: entryGap }),
        bits,
      );
      if (output === '-') await terminal.data(png);
      else await writeFileWhole(output, png);
      return { files: 1, bytes: png.length };
    },
  };
}

/** About as many columns as make a square, rather wide than high; where a number near it leaves no place empty, that. */
function squareColumns(entries: number, square: number): number {
  const near = Array.from({ length: Math.ceil(1.5 * square) }, (_, index) => index + 1).filter(
    (columns) => columns > 0.7 * square && entries % columns === 0,
  );
  const [best] = near.sort((a, b) => Math.abs(a - 1.1 * square) - Math.abs(b - 1.1 * square));
  return best ?? Math.max(1, Math.round(square));
}
