/** What reads and writes files: each loads DuckDB or the decoder of images with its first call. */
import type {
  ImageLevels,
  ImageSource,
  OpenImagesOptions,
  Table,
  TableOptions,
  Writer,
  WriterOptions,
} from '@unlikely/data';

/**
 * Opens a table: a path, a glob, a list of either, or `-` (standard input), of CSV, TSV, Parquet, JSON
 * or NDJSON, plain or compressed. Text formats are read whole at once, so that a fault anywhere in them
 * is reported here; Parquet is read when it is needed. Dispose of it after use.
 *
 * @throws UnlikelyError `data/file-not-found`, `data/unknown-format`, `data/malformed`, `data/ragged`,
 *   `data/empty` and others of reading.
 */
export async function openTable(
  input: string | readonly string[],
  options: TableOptions = {},
): Promise<Table> {
  return (await import('@unlikely/data')).openTable(input, options);
}

/**
 * Records as a table. Values are numbers, bigints, booleans, strings, dates; null, undefined and NaN are
 * missing. A key that only some records have is missing in the others. Dispose of it after use.
 */
export async function tableFromRecords(
  records: readonly Readonly<Record<string, unknown>>[],
): Promise<Table> {
  return (await import('@unlikely/data')).tableFromRecords(records);
}

/**
 * Opens a writer of scores to a path or `-` (standard output). The rows are gathered out of core and
 * copied to a file that takes its place at `close`, so that a reader never sees half a file.
 *
 * @throws UnlikelyError `data/unknown-format`, `data/not-writable`.
 */
export async function openWriter(output: string, options: WriterOptions): Promise<Writer> {
  return (await import('@unlikely/data')).openWriter(output, options);
}

/**
 * Opens a folder of images (the folders in it are the labels), a glob or list of image files, or Parquet
 * files with a column of image bytes. Nothing is decoded yet. Dispose of it after use.
 *
 * @throws UnlikelyError `data/file-not-found`, `data/no-images`.
 */
export async function openImages(
  input: string | readonly string[],
  options: OpenImagesOptions = {},
): Promise<ImageSource> {
  return (await import('@unlikely/data')).openImages(input, options);
}

/**
 * Writes an image as PNG, without loss at 8 (the default) or 16 bits a channel; the file appears whole or
 * not at all.
 *
 * @throws UnlikelyError `data/not-writable`.
 */
export async function writePng(path: string, image: ImageLevels, bits: 8 | 16 = 8): Promise<void> {
  await (await import('@unlikely/data')).writePng(path, image, bits);
}
