import type { ImageBatch } from '@unlikely/data';
import { isImageInput } from '@unlikely/data';
import { codesOfTable, imageWords } from '@unlikely/detect';
import type { Images } from '@unlikely/detect';
import { commandError } from '../../command-error.ts';
import { defined } from '../../command/defined.ts';
import { openInput } from '../../command/input.ts';
import { rowNumbers, twoRows } from '../../command/row-numbers.ts';
import type { Made, Making } from '../face.ts';
import { openChosenImages } from './chosen-images.ts';
import { levelsAt } from '../../report/levels-at.ts';
import { pictureName } from './image-levels.ts';
import { imagesOfCodes } from './images-of-codes.ts';
import type { ImageSession } from './session.ts';
import type { PictureEntry } from './picture-output.ts';
import { writePictures } from './write-pictures.ts';
import type { PicturesToWrite } from './write-pictures.ts';

/** Steps that stand in one line. */
const mostBeside = 16;

/** The commands that make images, each of which writes them into a grid or a folder. */
export function makingImages({ detector, run, opened }: ImageSession): Making {
  const { latent } = detector;
  const { schema: settings, configuration } = detector.manifest;
  const { signal } = run;
  const write = (output: string, pictures: PicturesToWrite): Promise<Made> =>
    writePictures(output, settings, pictures, run);
  /** For each image of the input an entry, in the input's order: panels made of it. */
  const written = async (
    { input, output, rows }: Drawn,
    pictures: Omit<PicturesToWrite, 'entries' | 'made'>,
    make: (batch: ImageBatch) => Promise<readonly Images[]>,
  ): Promise<Made> => {
    const images = opened(await openChosenImages({ input, ...defined({ rows }) }, settings, run));
    async function* made(): AsyncGenerator<PictureEntry> {
      for await (const batch of images.batches(signal)) {
        const panels = await make(batch);
        for (let index = 0; index < batch.rows; index++) {
          yield {
            name: pictureName(batch.rowNumbers[index]!, images.total, batch.names[index]!),
            panels: panels.map(({ data }) => levelsAt(data, index, settings)),
          };
        }
      }
    }
    return write(output, { ...pictures, entries: images.count, made: made() });
  };
  return {
    generate({ output, count, seed, codesFrom: from }) {
      const codes = latent.drawCodes(count, { seed, from });
      return write(output, {
        entries: count,
        panels: 1,
        made: imagesOfCodes(detector, [codes], count, signal),
        doing: 'generating',
        done: `generated from the ${from}, seed ${seed}`,
        more: { from, seed },
      });
    },

    async decode({ output, codes: path }) {
      if (await isImageInput(path)) {
        throw commandError(
          'command/wrong-kind',
          `expected a table of codes, but ${path} is ${imageWords.many}`,
          {
            help: 'unlikely encode makes codes of images, unlikely reconstruct does both at once.',
          },
        );
      }
      const table = opened(await openInput(path, run));
      const entries = await table.rowCount();
      async function* codes() {
        for await (const batch of codesOfTable(table, configuration.latentSize, { signal })) {
          yield batch.codes;
        }
      }
      return write(output, {
        entries,
        panels: 1,
        made: imagesOfCodes(detector, codes(), entries, signal),
        doing: 'decoding',
        done: 'decoded',
      });
    },

    transfer({ attribute, amount: amounts, ...options }) {
      return written(
        options,
        {
          // Several amounts are read from left to right.
          panels: amounts.length,
          ...(amounts.length > 1 ? { columns: 1 } : {}),
          doing: 'moving',
          done: `decoded with ${amounts.join(', ')} × ${attribute}`,
          more: { attribute, amounts },
        },
        (batch) =>
          Promise.all(
            amounts.map((amount) => latent.transfer(batch, attribute, { amount, signal })),
          ),
      );
    },

    reconstruct({ difference = false, ...options }) {
      const done = `beside what is expected${difference ? ' and the difference' : ''}`;
      return written(
        options,
        { panels: difference ? 3 : 2, doing: 'expecting', done },
        async (batch) => {
          const expected = await detector.reconstruct(batch, { signal });
          return [batch, expected, ...(difference ? [differenceOf(batch, expected)] : [])];
        },
      );
    },

    denoise(options) {
      return written(
        options,
        { panels: 1, doing: 'denoising', done: 'denoised' },
        async (batch) => [await detector.denoise(batch, { signal })],
      );
    },

    async interpolate({ input, output, between, points: steps, path }) {
      const [from, to] = twoRows(between);
      const images = opened(await openChosenImages({ input, rows: between }, settings, run));
      async function* made(): AsyncGenerator<PictureEntry> {
        for await (const { data } of images.batches(signal)) {
          const end = (index: 0 | 1): Images => ({
            data: levelsAt(data, index, settings).data,
            rows: 1,
          });
          const way = await latent.interpolate(end(0), end(1), { steps, path });
          for (let step = 0; step < steps; step++) {
            yield { name: pictureName(step, steps), panels: [levelsAt(way.data, step, settings)] };
          }
        }
      }
      return write(output, {
        entries: steps,
        panels: 1,
        columns: Math.min(steps, mostBeside),
        made: made(),
        doing: 'decoding',
        done: `from row ${from} to row ${to}, ${path}`,
        more: { rows: [from, to], path },
      });
    },

    async traverse({ input, output, row = 0, points: steps, range, units: chosen }) {
      const units = chosen && rowNumbers(chosen);
      const startAt = async (start: string): Promise<Images | undefined> => {
        const rows = [String(row)];
        const images = opened(await openChosenImages({ input: start, rows }, settings, run));
        for await (const image of images.batches(signal)) return image;
        return undefined;
      };
      const from = input === undefined ? undefined : await startAt(input);
      const drawn = units?.length ?? configuration.latentSize;
      async function* made(): AsyncGenerator<PictureEntry> {
        const way = await latent.traverse({ steps, range, ...defined({ units, from }) });
        for (let at = 0; at < drawn * steps; at++) {
          const which = pictureName(way.unit[at]!, configuration.latentSize);
          const step = pictureName(at % steps, steps);
          const panels = [levelsAt(way.data, at, settings)];
          yield { name: `unit-${which}-step-${step}`, panels };
        }
      }
      return write(output, {
        entries: drawn * steps,
        panels: 1,
        columns: steps,
        made: made(),
        doing: 'decoding',
        done: `${from === undefined ? 'from the middle of the prior' : `from row ${row}`}, a line for each unit`,
        more: { units: units ?? Array.from({ length: drawn }, (_, index) => index), range },
      });
    },
  };
}

interface Drawn {
  readonly input: string;
  readonly output: string;
  readonly rows?: readonly string[];
}

/** |x − x̂|, black where nothing differs. */
function differenceOf({ data, rows }: Images, expected: Images): Images {
  return { data: data.map((value, at) => Math.abs(value - expected.data[at]!)), rows };
}
