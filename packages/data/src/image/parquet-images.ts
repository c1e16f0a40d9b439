import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { dataError } from '../data-error.ts';
import type { Database } from '../duckdb/duckdb.ts';
import { exactPath, identifier, literal, literals } from '../duckdb/sql.ts';
import {
  labelsOf,
  type EncodedImage,
  type EncodedImages,
  type ImageLabels,
} from './encoded-images.ts';
import { formatOfBytes } from './image-format.ts';
import type { OpenImagesOptions } from './image-source.ts';

/** The columns of a Parquet file that matter for images, as SQL. */
interface ImageColumns {
  readonly bytes: string;
  readonly name: string | undefined;
  readonly label: string | undefined;
}

/** Columns that name an image, in the order they are looked for; a path beside the bytes is first. */
const nameColumns = ['name', 'file_name', 'filename', 'path', 'image_path', 'file', 'id'];
const defaultLabelColumn = 'label';
const probedValues = 8;
/** Encoded bytes that one query returns. */
const blockBytes = 32 * 1024 * 1024;

/** Columns that may hold images: bytes, or a struct of bytes and path. */
async function byteColumns(
  database: Database,
  path: string,
): Promise<{ columns: readonly string[]; candidates: readonly (readonly [string, string])[] }> {
  const described = await database.rows(`DESCRIBE SELECT * FROM ${parquet(path)}`);
  const candidates = described
    .filter(([, type]) => type === 'BLOB' || /^STRUCT\(.*\bbytes"? BLOB\b/.test(String(type)))
    .map(([name, type]) => [String(name), String(type)] as const);
  return { columns: described.map(([name]) => String(name)), candidates };
}

/** Whether the file has one column of bytes, and its first values look like images. */
export async function holdsImages(database: Database, path: string): Promise<boolean> {
  const { candidates } = await byteColumns(database, path);
  if (candidates.length !== 1) return false;
  const bytes = bytesExpression(...candidates[0]!);
  const query = `SELECT ${bytes} FROM ${parquet(path)} WHERE ${bytes} IS NOT NULL LIMIT ${probedValues}`;
  let seen = 0;
  for await (const chunk of database.stream(query)) {
    for (const value of chunk.blobs(0)) {
      if (value === null || formatOfBytes(value) === undefined) return false;
      seen++;
    }
  }
  return seen > 0;
}

async function findColumns(
  database: Database,
  path: string,
  { imageColumn, labelColumn }: OpenImagesOptions,
): Promise<ImageColumns> {
  const { columns, candidates } = await byteColumns(database, path);
  const wanted = candidates.filter(([name]) => imageColumn === undefined || name === imageColumn);
  if (wanted.length !== 1) {
    const names = candidates.map(([name]) => `"${name}"`).join(', ');
    const came = names === '' ? 'has none' : `has ${names}`;
    throw dataError(
      'data/missing-column',
      `expected one column with the bytes of images, but ${path} ${came}`,
      { help: 'Keep one column of images in the file.', details: { columns } },
    );
  }
  if (typeof labelColumn === 'string' && !columns.includes(labelColumn)) {
    throw dataError(
      'data/missing-column',
      `expected the column "${labelColumn}", but ${path} has ${columns.join(', ')}`,
      { help: 'Check the spelling; names are compared with upper and lower case.' },
    );
  }
  const [column, type] = wanted[0]!;
  const label =
    labelColumn === false
      ? undefined
      : (labelColumn ?? columns.find((name) => name === defaultLabelColumn));
  const named = nameColumns.find((name) => columns.includes(name));
  const name = /\bpath"? VARCHAR\b/.test(type)
    ? `${identifier(column)}.path`
    : named === undefined
      ? undefined
      : `CAST(${identifier(named)} AS VARCHAR)`;
  return {
    bytes: bytesExpression(column, type),
    name,
    label: label === undefined ? undefined : `CAST(${identifier(label)} AS VARCHAR)`,
  };
}

/** Images in a column of Parquet files, read in blocks of a few megabytes. */
export class ParquetImages implements EncodedImages {
  readonly count: number;
  readonly labels: ImageLabels | undefined;
  readonly #database: Database;
  readonly #files: readonly ParquetFile[];
  readonly #columns: ImageColumns;

  private constructor(
    database: Database,
    files: readonly ParquetFile[],
    columns: ImageColumns,
    labels: ImageLabels | undefined,
  ) {
    this.#database = database;
    this.#files = files;
    this.#columns = columns;
    this.labels = labels;
    this.count = files.reduce((sum, { rows }) => sum + rows, 0);
  }

  static async open(
    database: Database,
    paths: readonly string[],
    options: OpenImagesOptions,
  ): Promise<ParquetImages> {
    const columns = await findColumns(database, paths[0]!, options);
    const files: ParquetFile[] = [];
    let first = 0;
    for (const path of paths) {
      const [row] = await database.rows(
        `SELECT num_rows FROM parquet_file_metadata([${literal(exactPath(path))}])`,
      );
      const rows = Number(row![0]);
      const bytes = (await stat(path)).size / Math.max(1, rows);
      const blockRows = Math.min(2048, Math.max(16, Math.floor(blockBytes / bytes)));
      files.push({ path, first, rows, blockRows });
      first += rows;
    }
    let labels: ImageLabels | undefined;
    if (columns.label !== undefined) {
      const texts: (string | null)[] = [];
      const from = `read_parquet([${literals(paths.map(exactPath))}])`;
      for await (const chunk of database.stream(`SELECT ${columns.label} FROM ${from}`)) {
        for (const text of chunk.texts(0)) texts.push(text);
      }
      labels = labelsOf(texts);
    }
    return new ParquetImages(database, files, columns, labels);
  }

  async *read(rows: Int32Array): AsyncGenerator<EncodedImage> {
    let place = 0;
    for (const file of this.#files) {
      while (place < rows.length && rows[place]! < file.first + file.rows) {
        // A block is a stretch of the file: far rows come with a query of their own.
        let end = place + 1;
        while (
          end < rows.length &&
          rows[end]! < file.first + file.rows &&
          rows[end]! - rows[place]! < file.blockRows
        ) {
          end++;
        }
        yield* await this.#block(file, rows.subarray(place, end));
        place = end;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.close();
  }

  async #block(file: ParquetFile, rows: Int32Array): Promise<EncodedImage[]> {
    const { bytes, name } = this.#columns;
    const first = rows[0]! - file.first;
    const last = rows.at(-1)! - file.first;
    const few = rows.length === last - first + 1 ? '' : ` AND ${chosen(file, rows)}`;
    const query =
      `SELECT CAST(file_row_number AS DOUBLE), ${bytes}, ${name ?? 'NULL::VARCHAR'} ` +
      `FROM read_parquet(${literal(exactPath(file.path))}, file_row_number = true) ` +
      `WHERE file_row_number BETWEEN ${first} AND ${last}${few}`;
    const images: EncodedImage[] = [];
    for await (const chunk of this.#database.stream(query)) {
      const numbers = chunk.doubles(0);
      const values = chunk.blobs(1);
      const names = chunk.texts(2);
      for (let index = 0; index < chunk.rows; index++) {
        const number = numbers[index]!;
        // The engine uses its memory again for the next chunk.
        const value = values[index] === null ? undefined : Uint8Array.from(values[index]!);
        images.push({
          row: file.first + number,
          name: names[index] ?? `${basename(file.path)}, row ${number}`,
          size: async () => value?.length ?? 0,
          load: async () => value ?? noBytes(),
        });
      }
    }
    return images.sort((a, b) => a.row - b.row);
  }
}

interface ParquetFile {
  readonly path: string;
  /** Place of its first image in the source. */
  readonly first: number;
  readonly rows: number;
  readonly blockRows: number;
}

/** A condition on the row number; `list_contains` in place of `IN`, which becomes a join. */
function chosen(file: ParquetFile, rows: Int32Array): string {
  const numbers = Array.from(rows, (row) => row - file.first);
  return `list_contains([${numbers.join(', ')}], file_row_number)`;
}

function noBytes(): never {
  throw new Error('there is no value');
}

function bytesExpression(name: string, type: string): string {
  return type === 'BLOB' ? identifier(name) : `${identifier(name)}.bytes`;
}

function parquet(path: string): string {
  return `read_parquet(${literal(exactPath(path))})`;
}
