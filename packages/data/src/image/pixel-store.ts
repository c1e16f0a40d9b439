import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '../data-error.ts';
import { databaseFailure } from '../database-failure.ts';
import {
  createTemporaryDirectory,
  removeTemporaryDirectory,
} from '../files/temporary-directory.ts';
import { addConversions, noConversions } from './conversion-count.ts';
import type { FailureTally } from './failure-tally.ts';
import { pixelCount, type ImageSettings } from './image-settings.ts';
import type {
  ImageConversions,
  ImageFailure,
  ImagePass,
  PixelOptions,
  PixelStore,
} from './image-source.ts';
import { copyLevels, pixelLevels } from './pixel-levels.ts';
import { isRefusal, readImages, type Selection } from './read-images.ts';

const defaultMemoryBytes = 256 * 1024 * 1024;
const progressEvery = 500;

/** Where the stored pixels of all images lie, one image behind the other. */
interface Storage {
  write(bytes: Uint8Array, place: number): void;
  read(into: Uint8Array, place: number): void;
  close(): Promise<void>;
}

/** Decodes a selection once into a store. */
export async function fillPixelStore(
  selection: Selection,
  settings: ImageSettings,
  tally: FailureTally,
  { signal, memoryBytes = defaultMemoryBytes, onProgress }: PixelOptions,
  onPass?: (summary: ImagePass) => void,
): Promise<PixelStore> {
  const imageBytes = pixelCount(settings) * (settings.bits / 8);
  const total = selection.rows.length;
  const storage = total * imageBytes <= memoryBytes ? memory(total * imageBytes) : temporaryFile();
  const rowNumbers = new Float64Array(total);
  const labels: (string | null)[] = [];
  let conversions = noConversions();
  let rows = 0;
  let done = 0;
  try {
    for await (const { row, name, label, result } of readImages(selection, settings, signal)) {
      if (isRefusal(result)) tally.add(row, name, result);
      else {
        const { buffer, byteOffset, byteLength } = result.pixels;
        storage.write(new Uint8Array(buffer, byteOffset, byteLength), rows * imageBytes);
        conversions = addConversions(conversions, result.conversions);
        labels.push(label);
        rowNumbers[rows++] = row;
      }
      if (++done % progressEvery === 0) onProgress?.(done, total);
    }
  } catch (error) {
    await storage.close();
    throw databaseFailure(error);
  }
  onProgress?.(done, total);
  onPass?.({ images: total, failures: tally.failures, conversions });
  return new PackedPixels(storage, settings, {
    rowNumbers: rowNumbers.slice(0, rows),
    failures: tally.failures,
    conversions,
    ...(selection.images.labels === undefined ? {} : { labels }),
  });
}

type Facts = Pick<PixelStore, 'rowNumbers' | 'labels' | 'failures' | 'conversions'>;

class PackedPixels implements PixelStore {
  readonly settings: ImageSettings;
  readonly rows: number;
  readonly rowNumbers: Float64Array;
  readonly labels?: readonly (string | null)[];
  readonly failures: readonly ImageFailure[];
  readonly conversions: ImageConversions;
  readonly #storage: Storage;
  readonly #levels: Float32Array;
  readonly #image: Uint8Array | Uint16Array;
  #closed = false;

  constructor(storage: Storage, settings: ImageSettings, facts: Facts) {
    this.settings = settings;
    this.rows = facts.rowNumbers.length;
    this.rowNumbers = facts.rowNumbers;
    if (facts.labels !== undefined) this.labels = facts.labels;
    this.failures = facts.failures;
    this.conversions = facts.conversions;
    this.#storage = storage;
    this.#levels = pixelLevels(settings);
    const length = pixelCount(settings);
    this.#image = settings.bits === 8 ? new Uint8Array(length) : new Uint16Array(length);
  }

  read(rows: Int32Array, into: Float32Array): void {
    const image = this.#image;
    this.#check(rows, into);
    const bytes = new Uint8Array(image.buffer);
    for (const [index, row] of rows.entries()) {
      this.#storage.read(bytes, row * bytes.length);
      copyLevels(image, this.#levels, into, index * image.length);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#storage.close();
  }

  #check(rows: Int32Array, into: Float32Array): void {
    if (this.#closed) {
      throw dataError('data/closed', 'expected an open store, but it has been disposed', {
        help: 'Dispose a store only when nothing reads from it any more.',
      });
    }
    const outside = rows.find((row) => row < 0 || row >= this.rows);
    if (outside !== undefined || into.length < rows.length * this.#image.length) {
      throw dataError(
        'data/row-out-of-range',
        outside === undefined
          ? `expected room for ${rows.length * this.#image.length} numbers, but got ${into.length}`
          : `expected rows from 0 to ${this.rows - 1}, but got ${outside}`,
        { help: 'Ask for rows of the store, with room for all their pixels.' },
      );
    }
  }
}

function memory(length: number): Storage {
  let bytes = new Uint8Array(length);
  return {
    write: (image, place) => bytes.set(image, place),
    read: (into, place) => into.set(bytes.subarray(place, place + into.length)),
    close: async () => {
      bytes = new Uint8Array(0);
    },
  };
}

function temporaryFile(): Storage {
  const directory = createTemporaryDirectory();
  const file = openSync(join(directory, 'pixels'), 'w+');
  return {
    write(image, place): void {
      for (let done = 0; done < image.length;) {
        done += writeSync(file, image, done, image.length - done, place + done);
      }
    },
    read(into, place): void {
      for (let done = 0; done < into.length;) {
        const count = readSync(file, into, done, into.length - done, place + done);
        if (count === 0) throw databaseFailure(new Error('the temporary file is cut short'));
        done += count;
      }
    },
    async close(): Promise<void> {
      closeSync(file);
      await removeTemporaryDirectory(directory);
    },
  };
}
