import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { dataError } from '../../../data-error.ts';
import { databaseFailure } from '../../../database-failure.ts';
import type { Database } from '../../../duckdb/duckdb.ts';
import { expandPath } from '../../../input/expand-path.ts';
import { formatOfPath } from '../../../input/file-format.ts';
import type { TableFormat } from '../../../input/file-format.ts';
import type { TableOptions } from '../table-options.ts';
import { notReadable } from '../../../input/byte-stream.ts';

/** Files of one format, each of which exists and can be read. */
export interface Source {
  readonly paths: readonly string[];
  readonly format: TableFormat;
  readonly compressed: boolean;
}

/** Expands globs, spools standard input to a file, and finds the format. */
export async function resolveInput(
  database: Database,
  input: string | readonly string[],
  options: TableOptions,
): Promise<Source> {
  const inputs = typeof input === 'string' ? [input] : input;
  if (inputs.length === 0) {
    throw dataError('data/file-not-found', 'expected at least one path, but the list is empty', {
      help: 'Name a file, a glob such as data/*.parquet, or - for standard input.',
    });
  }
  const paths: string[] = [];
  for (const one of inputs) {
    const spooled = join(database.directory, `input-${paths.length}`);
    if (one === '-') paths.push(await spool(spooled, options.standardInput ?? process.stdin));
    else if (await isOpenPipe(one)) paths.push(await spool(spooled, createReadStream(one)));
    else paths.push(...(await expandPath(database, one)));
  }
  const found = await Promise.all(paths.map((path) => inspect(path, options)));
  const first = found[0]!;
  const other = found.findIndex(
    ({ format, compressed }) => format !== first.format || compressed !== first.compressed,
  );
  if (other > 0) {
    throw dataError(
      'data/mismatched-files',
      `expected files of one format, but ${paths[0]} is ${describe(first)} and ${paths[other]} is ${describe(found[other]!)}`,
      {
        help: 'Give files of one format together, with names that end with it, such as .csv or .parquet.',
      },
    );
  }
  return { paths, ...first };
}

async function inspect(
  path: string,
  options: TableOptions,
): Promise<{ format: TableFormat; compressed: boolean }> {
  const start = await readStart(path);
  if (start.length === 0 || /^\s*\[\s*\]\s*$/.test(start.toString('latin1'))) {
    throw dataError('data/empty', `expected a table, but ${path} is empty`, {
      help: 'Check the program that wrote the file.',
      details: { path },
    });
  }
  const compressed = start[0] === 0x1f && start[1] === 0x8b;
  const format = options.format ?? formatOfPath(path) ?? formatOfContent(start, compressed);
  if (format === undefined) {
    throw dataError(
      'data/unknown-format',
      `expected a format that the name or the content of ${path} tells, but neither does`,
      {
        help: 'Save it under a name that ends with .csv, .tsv, .parquet, .json or .ndjson.',
        details: { path },
      },
    );
  }
  return { format, compressed };
}

function formatOfContent(start: Buffer, compressed: boolean): TableFormat | undefined {
  if (compressed) return undefined;
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const text = start
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (text.startsWith('[')) return 'json';
  if (text.startsWith('{')) return 'ndjson';
  if (start.includes(0)) return undefined;
  const line = text.split(/\r?\n/, 1)[0]!;
  return line.includes('\t') && !line.includes(',') ? 'tsv' : 'csv';
}

async function readStart(path: string): Promise<Buffer> {
  const info = await stat(path).catch((cause: unknown) => {
    throw notReadable(path, cause);
  });
  // A pipe would wait for its writer, a device may never end.
  if (!info.isFile()) {
    throw dataError('data/unreadable', `expected a file, but ${path} is not a regular file`, {
      help: 'Pipe its contents in and name - as the input.',
      details: { path },
    });
  }
  try {
    await access(path, constants.R_OK);
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(4096);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw notReadable(path, cause);
  }
}

/** Whether a path stands for a pipe that is open already, as `<(command)` of a shell and `/dev/stdin` do. */
async function isOpenPipe(path: string): Promise<boolean> {
  if (!/^\/(dev\/fd\/\d+|proc\/self\/fd\/\d+|dev\/stdin)$/.test(path)) return false;
  return (await stat(path).catch(() => undefined))?.isFIFO() ?? false;
}

async function spool(path: string, input: Readable): Promise<string> {
  try {
    await pipeline(input, createWriteStream(path));
  } catch (error) {
    throw databaseFailure(error);
  }
  return path;
}

function describe({ format, compressed }: { format: TableFormat; compressed: boolean }): string {
  return compressed ? `compressed ${format}` : format;
}
