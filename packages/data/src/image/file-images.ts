import { RandomStream } from '@unlikely/graph';
import { dataError } from '../data-error.ts';
import { chooseRows } from '../sample/choose-rows.ts';
import { spreadBlocks } from '../sample/spread-blocks.ts';
import type { EncodedImages } from './encoded-images.ts';
import { FailureTally } from './failure-tally.ts';
import type { ImageSettings, ImageSettingsOptions } from './image-settings.ts';
import type {
  ImageBatch,
  ImageBatchOptions,
  ImageFilter,
  ImageSource,
  OpenImagesOptions,
  PixelOptions,
  PixelStore,
} from './image-source.ts';
import { inferImageSettings } from './infer-settings.ts';
import { fillPixelStore } from './pixel-store.ts';
import { batchImages, type Selection } from './read-images.ts';

const defaultBatchRows = 256;

/** What holds for passes over all images. */
type Passing = Required<Pick<OpenImagesOptions, 'unreadableShare'>> &
  Pick<OpenImagesOptions, 'onPass'>;

/** The images of files, or a view of some of them. */
export class FileImages implements ImageSource {
  readonly #selection: Selection;
  readonly #passing: Passing;
  readonly #owner: boolean;

  constructor(selection: Selection, passing: Passing, owner: boolean) {
    this.#selection = selection;
    this.#passing = passing;
    this.#owner = owner;
  }

  get count(): number {
    return this.#selection.rows.length;
  }

  get labels(): ImageSource['labels'] {
    const { images, rows } = this.#selection;
    if (images.labels === undefined) return undefined;
    const { values, codes } = images.labels;
    const counts = new Float64Array(values.length + 1);
    for (const row of rows) counts[codes[row]! + 1]!++;
    const none = counts[0]! > 0 ? [{ value: null, count: counts[0]! }] : [];
    return [...values.map((value, code) => ({ value, count: counts[code + 1]! })), ...none];
  }

  where(filter: ImageFilter): ImageSource {
    const { images, rows } = this.#selection;
    const { labels } = images;
    if (labels === undefined) {
      throw dataError('data/missing-column', 'expected labelled images, but these have no labels', {
        help: 'Put the images into one folder for each class, such as normal/ and anomaly/.',
      });
    }
    const accepted = labels.values.map((value) => accepts(filter, value));
    const unlabelled = filter.in === undefined;
    const kept = rows.filter((row) => accepted[labels.codes[row]!] ?? unlabelled);
    return new FileImages({ ...this.#selection, rows: kept }, this.#passing, false);
  }

  split(testShare: number, each?: ImageFilter): { training: ImageSource; test: ImageSource } {
    const { images, rows } = this.#selection;
    const rowsOf = new Map<number, number[]>();
    const kept = new Set<number>();
    for (const row of rows) {
      const code = images.labels?.codes[row] ?? -1;
      const label = images.labels?.values[code];
      if (each !== undefined && (label === undefined || !accepts(each, label))) {
        kept.add(row);
        continue;
      }
      const own = rowsOf.get(code);
      if (own === undefined) rowsOf.set(code, [row]);
      else own.push(row);
    }
    for (const own of rowsOf.values()) {
      for (const { start, end } of spreadBlocks(own.length, testShare)) {
        for (const row of own.slice(start, end)) kept.add(row);
      }
    }
    const view = (isTest: boolean): ImageSource => {
      const some = rows.filter((row) => kept.has(row) === isTest);
      return new FileImages({ ...this.#selection, rows: some }, this.#passing, false);
    };
    return { training: view(false), test: view(true) };
  }

  inferSettings(options: ImageSettingsOptions): Promise<ImageSettings> {
    return inferImageSettings(this.#selection, options);
  }

  batches(
    settings: ImageSettings,
    { batchRows = defaultBatchRows, signal }: ImageBatchOptions = {},
  ): AsyncIterable<ImageBatch> {
    const { onPass } = this.#passing;
    return batchImages(this.#selection, settings, batchRows, this.#tally(), { signal, onPass });
  }

  sample(settings: ImageSettings, count: number, seed: number): Promise<ImageBatch> {
    const chosen = chooseRows(this.count, count, new RandomStream(seed, 'sample'));
    return this.#some(settings, chosen);
  }

  rows(settings: ImageSettings, rowNumbers: readonly number[]): Promise<ImageBatch> {
    const outside = rowNumbers.find((row) => !(row >= 0 && row < this.count));
    if (outside !== undefined) {
      throw dataError(
        'data/row-out-of-range',
        `expected one of ${this.count} images, but there is no row ${outside}`,
        { help: 'Images are numbered from 0.', details: { row: outside } },
      );
    }
    return this.#some(settings, Float64Array.from(new Set(rowNumbers)).sort());
  }

  pixels(settings: ImageSettings, options: PixelOptions = {}): Promise<PixelStore> {
    const { onPass } = this.#passing;
    return fillPixelStore(this.#selection, settings, this.#tally(), options, onPass);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#owner) await this.#images[Symbol.asyncDispose]();
  }

  get #images(): EncodedImages {
    return this.#selection.images;
  }

  #tally(): FailureTally {
    return new FailureTally(this.count, this.#passing.unreadableShare);
  }

  /** One batch of the images at ascending row numbers. */
  async #some(settings: ImageSettings, numbers: Float64Array): Promise<ImageBatch> {
    const rows = Int32Array.from(numbers, (number) => this.#selection.rows[number]!);
    const selection = { ...this.#selection, rows };
    const capacity = Math.max(1, numbers.length);
    for await (const batch of batchImages(selection, settings, capacity, undefined)) {
      const { rowNumbers, failures } = batch;
      return {
        ...batch,
        rowNumbers: rowNumbers.map((row) => numbers[row]!),
        failures: failures.map((failure) => ({ ...failure, row: numbers[failure.row]! })),
      };
    }
    throw dataError('data/no-images', 'expected images, but none were asked for', {
      help: 'Ask for one image or more.',
    });
  }
}

function accepts(filter: ImageFilter, label: string): boolean {
  return (filter.in?.includes(label) ?? true) && !(filter.notIn?.includes(label) ?? false);
}
