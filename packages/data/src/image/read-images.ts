import { dataError } from '../data-error.ts';
import { addConversions, noConversions } from './conversion-count.ts';
import { decodeImage, type DecodedImage, type Refusal } from './decode-image.ts';
import type { EncodedImages } from './encoded-images.ts';
import type { FailureTally } from './failure-tally.ts';
import { pixelCount, type ImageSettings } from './image-settings.ts';
import type { ImageBatch, ImageFailure, ImagePass } from './image-source.ts';
import { inOrder } from './in-order.ts';
import { copyLevels, pixelLevels } from './pixel-levels.ts';

/** Some images of a set of files. */
export interface Selection {
  readonly images: EncodedImages;
  /** Places in `images`, ascending: the place in the selection is the row number. */
  readonly rows: Int32Array;
  readonly maximumPixels: number;
}

/** One image after the other: decoded, or refused. */
export interface ReadImage {
  readonly row: number;
  readonly name: string;
  readonly label: string | null;
  readonly result: DecodedImage | Refusal;
}

/** Images that are read ahead: enough to keep the decoder's four threads busy. */
const imagesInFlight = 8;

/** Decodes the images of a selection in order. `numbers` are their row numbers. */
export async function* readImages(
  { images, rows, maximumPixels }: Selection,
  settings: ImageSettings,
  signal?: AbortSignal,
): AsyncGenerator<ReadImage> {
  let row = 0;
  signal?.throwIfAborted();
  const decoded = inOrder(
    images.read(rows),
    imagesInFlight,
    async ({ row: place, name, ...bytes }) => ({
      name,
      label: labelAt(images, place),
      result: await decodeImage(bytes, settings, maximumPixels),
    }),
  );
  for await (const image of decoded) {
    yield { row: row++, ...image };
    signal?.throwIfAborted();
  }
}

export function isRefusal(result: DecodedImage | Refusal): result is Refusal {
  return 'reason' in result;
}

function labelAt({ labels }: EncodedImages, place: number): string | null {
  return labels?.values[labels.codes[place]!] ?? null;
}

export interface PassOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onPass?: ((summary: ImagePass) => void) | undefined;
}

/** Gathers images into batches of `batchRows`; unreadable ones go to the tally and into the batch's list. */
export async function* batchImages(
  selection: Selection,
  settings: ImageSettings,
  batchRows: number,
  tally: FailureTally | undefined,
  { signal, onPass }: PassOptions = {},
): AsyncGenerator<ImageBatch> {
  if (!Number.isSafeInteger(batchRows) || batchRows < 1) {
    throw dataError('data/wrong-option', `expected batchRows from 1, but got ${batchRows}`, {
      help: 'Give batchRows as a positive whole number.',
    });
  }
  let conversions = noConversions();
  const filling = new BatchFilling(settings, batchRows, selection.images.labels !== undefined);
  for await (const { row, name, label, result } of readImages(selection, settings, signal)) {
    if (isRefusal(result)) {
      filling.fail(tally?.add(row, name, result) ?? { row, name, reason: result.reason });
    } else {
      // A full batch waits for the next image, so that failures behind the last one are in it.
      if (filling.full) yield filling.finish();
      filling.add(row, name, label, result);
      conversions = addConversions(conversions, result.conversions);
    }
  }
  if (!filling.empty) yield filling.finish();
  onPass?.({ images: selection.rows.length, failures: tally?.failures ?? [], conversions });
}

class BatchFilling {
  readonly #levels: Float32Array;
  readonly #pixels: number;
  readonly #capacity: number;
  readonly #labelled: boolean;
  #data = new Float32Array(0);
  #rowNumbers: number[] = [];
  #names: string[] = [];
  #labels: (string | null)[] = [];
  #failures: ImageFailure[] = [];
  #conversions = noConversions();

  constructor(settings: ImageSettings, capacity: number, labelled: boolean) {
    this.#levels = pixelLevels(settings);
    this.#pixels = pixelCount(settings);
    this.#capacity = capacity;
    this.#labelled = labelled;
  }

  get full(): boolean {
    return this.#names.length === this.#capacity;
  }

  get empty(): boolean {
    return this.#names.length === 0 && this.#failures.length === 0;
  }

  fail(failure: ImageFailure): void {
    this.#failures.push(failure);
  }

  add(row: number, name: string, label: string | null, image: DecodedImage): void {
    if (this.#data.length === 0) this.#data = new Float32Array(this.#capacity * this.#pixels);
    copyLevels(image.pixels, this.#levels, this.#data, this.#names.length * this.#pixels);
    this.#rowNumbers.push(row);
    this.#names.push(name);
    this.#labels.push(label);
    this.#conversions = addConversions(this.#conversions, image.conversions);
  }

  finish(): ImageBatch {
    const rows = this.#names.length;
    const batch: ImageBatch = {
      rows,
      rowNumbers: Float64Array.from(this.#rowNumbers),
      data: this.full ? this.#data : this.#data.slice(0, rows * this.#pixels),
      names: this.#names,
      ...(this.#labelled ? { labels: this.#labels } : {}),
      failures: this.#failures,
      conversions: this.#conversions,
    };
    this.#data = new Float32Array(0);
    this.#rowNumbers = [];
    this.#names = [];
    this.#labels = [];
    this.#failures = [];
    this.#conversions = noConversions();
    return batch;
  }
}
