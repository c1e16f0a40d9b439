import { resolve } from 'node:path';
import { dataError } from '../data-error.ts';
import { Database } from '../duckdb/duckdb.ts';
import { expandPath } from '../input/expand-path.ts';
import { formatOfPath } from '../input/file-format.ts';
import type { EncodedImages } from './encoded-images.ts';
import { FileImages } from './file-images.ts';
import {
  commonFolder,
  ImageFiles,
  isFolder,
  listFolder,
  noImages,
  sortPaths,
} from './image-files.ts';
import { hasImageName } from './image-format.ts';
import type { ImageSource, OpenImagesOptions } from './image-source.ts';
import { holdsImages, ParquetImages } from './parquet-images.ts';

const defaultUnreadableShare = 0.05;
const defaultMaximumPixels = 64_000_000;
/** 16 bits of red, green, blue and opacity: no image within the limit needs more. */
const largestPixelBytes = 8;

/**
 * Opens a folder of images (the folders in it are the labels), a glob or list of image files, or
 * Parquet files with a column of image bytes. Nothing is decoded yet.
 */
export async function openImages(
  input: string | readonly string[],
  options: OpenImagesOptions = {},
): Promise<ImageSource> {
  const unreadableShare = options.unreadableShare ?? defaultUnreadableShare;
  const maximumPixels = options.maximumPixels ?? defaultMaximumPixels;
  checkOptions(unreadableShare, maximumPixels);
  const images = await openEncoded(input, options, maximumPixels);
  if (images.count === 0) {
    await images[Symbol.asyncDispose]();
    throw dataError('data/no-images', 'expected images, but the file has no rows', {
      help: 'Check the program that wrote the file.',
    });
  }
  const rows = Int32Array.from({ length: images.count }, (_, row) => row);
  return new FileImages({ images, rows, maximumPixels }, { ...options, unreadableShare }, true);
}

/**
 * Whether the input is images and not a table: a folder (unless it holds files of tables and no
 * image), files that are called images, or Parquet with one column of bytes that look like images.
 */
export async function isImageInput(input: string | readonly string[]): Promise<boolean> {
  const inputs = typeof input === 'string' ? [input] : input;
  const first = inputs[0];
  if (first === undefined || first === '-') return false;
  if (hasImageName(first)) return true;
  if (await isFolder(first)) {
    const { images, otherExtensions } = await listFolder(first);
    const tables = [...otherExtensions].some((one) => formatOfPath(`file.${one}`) !== undefined);
    return images.length > 0 || !tables;
  }
  const format = formatOfPath(first);
  if (format !== undefined && format !== 'parquet') return false;
  await using database = await disposableDatabase();
  const [path] = await expandPath(database.value, first).catch(() => []);
  if (path === undefined) return false;
  if (hasImageName(path)) return true;
  if (formatOfPath(path) !== 'parquet') return false;
  // Awaited here, before the database goes; a file that cannot be read is for the table to explain.
  return await holdsImages(database.value, path).catch(() => false);
}

async function openEncoded(
  input: string | readonly string[],
  options: OpenImagesOptions,
  maximumPixels: number,
): Promise<EncodedImages> {
  const inputs = typeof input === 'string' ? [input] : input;
  const maximumBytes = maximumPixels * largestPixelBytes;
  if (inputs.length === 1 && (await isFolder(inputs[0]!))) {
    checkFileLabel(options);
    const folder = resolve(inputs[0]!);
    const listing = await listFolder(folder);
    if (listing.images.length === 0) throw noImages(folder, listing);
    return new ImageFiles(folder, listing.images, listing.classFolders, maximumBytes);
  }
  const database = await Database.open();
  let owned = false;
  try {
    const paths: string[] = [];
    for (const one of inputs) {
      if (await isFolder(one)) paths.push(...(await listFolder(resolve(one))).images);
      else paths.push(...(await expandPath(database, one)));
    }
    const tables = paths.filter((path) => formatOfPath(path) === 'parquet');
    if (tables.length > 0 && tables.length < paths.length) {
      const other = paths.find((path) => formatOfPath(path) !== 'parquet')!;
      throw dataError(
        'data/mismatched-files',
        `expected files of one sort, but ${tables[0]} is Parquet and ${other} is not`,
        { help: 'Give image files together, or Parquet files together.' },
      );
    }
    if (tables.length > 0) {
      owned = true;
      return await ParquetImages.open(database, tables, options);
    }
    checkFileLabel(options);
    const files = sortPaths([...new Set(paths.map((path) => resolve(path)))]);
    return new ImageFiles(commonFolder(files), files, [], maximumBytes);
  } catch (error) {
    owned = false;
    throw error;
  } finally {
    if (!owned) await database.close();
  }
}

/** Of image files the folder is the label, and nothing else can be. */
function checkFileLabel({ labelColumn }: OpenImagesOptions): void {
  if (labelColumn === undefined || labelColumn === false || labelColumn === 'label') return;
  throw dataError(
    'data/wrong-option',
    `expected Parquet for the label column ${labelColumn}, but these are image files`,
    { help: 'Of image files the folder is the label, and it is called label.' },
  );
}

async function disposableDatabase(): Promise<AsyncDisposable & { readonly value: Database }> {
  const value = await Database.open();
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

function checkOptions(share: number, maximumPixels: number): void {
  if (!(share >= 0 && share <= 1)) {
    throw dataError('data/wrong-option', `expected a share in [0, 1], but got ${share}`, {
      help: 'unreadableShare 0.05 allows 5 of 100 images to be unreadable.',
    });
  }
  if (!(Number.isSafeInteger(maximumPixels) && maximumPixels > 0)) {
    throw dataError(
      'data/wrong-option',
      `expected maximumPixels to be a positive whole number, but got ${maximumPixels}`,
      { help: 'The default is 64 million, an image of 8,000 × 8,000.' },
    );
  }
}
