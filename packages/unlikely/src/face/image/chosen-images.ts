import type { ImageBatch, ImageSettings, ImageSource } from '@unlikely/data';
import { commandError } from '../../command-error.ts';
import { rowNumbers } from '../../command/row-numbers.ts';
import type { Run } from '../../command/run/run.ts';
import { openImageInput } from './input.ts';
import { tellPass } from './image-lines.ts';

/** Images of an input: all of them, or those that `--rows` names, in its order. */
export interface ChosenImages extends AsyncDisposable {
  /** Images, readable or not. */
  readonly count: number;
  /** Of the whole input, for the numbers in names of files. */
  readonly total: number;
  readonly batches: (signal: AbortSignal) => AsyncIterable<ImageBatch>;
}

/** Opens what a command makes images of. Throws `usage/invalid` for rows that are no numbers. */
export async function openChosenImages(
  { input, rows }: { readonly input: string; readonly rows?: readonly string[] },
  settings: ImageSettings,
  terminal: Run,
): Promise<ChosenImages> {
  const numbers = rows && rowNumbers(rows);
  const source = await openImageInput(input, {}, false, (pass) =>
    tellPass(pass, settings, terminal),
  );
  return {
    count: numbers?.length ?? source.count,
    total: source.count,
    async *batches(signal) {
      if (numbers === undefined) yield* source.batches(settings, { signal });
      else yield await imagesAt(source, settings, numbers);
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

/**
 * The images at some places, in the order in which they are named.
 *
 * @throws UnlikelyError `data/row-out-of-range`, `data/unreadable-images` where one cannot be read.
 */
export async function imagesAt(
  source: ImageSource,
  settings: ImageSettings,
  rows: readonly number[],
): Promise<ImageBatch> {
  const batch = await source.rows(settings, rows);
  const places = rows.map((row) => batch.rowNumbers.indexOf(row));
  if (places.includes(-1)) {
    const [failure] = batch.failures;
    const why = failure === undefined ? '' : `: ${failure.name} (${failure.reason})`;
    throw commandError('data/unreadable-images', `expected images that can be read${why}`, {
      help: 'Name other rows, or replace the file.',
    });
  }
  const length = batch.data.length / batch.rows;
  const data = new Float32Array(rows.length * length);
  places.forEach((place, at) => {
    data.set(batch.data.subarray(place * length, (place + 1) * length), at * length);
  });
  return {
    ...batch,
    rows: rows.length,
    rowNumbers: Float64Array.from(rows),
    data,
    names: places.map((place) => batch.names[place]!),
    ...(batch.labels === undefined ? {} : { labels: places.map((place) => batch.labels![place]!) }),
  };
}
