import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { dataError } from '../../../data-error.ts';
import { databaseFailure } from '../../../database-failure.ts';
import type { Database } from '../../../duckdb/duckdb.ts';
import type { TableOptions } from '../table-options.ts';
import { byteStream } from '../../../input/byte-stream.ts';
import type { CsvDialect } from '../../csv-text.ts';
import { findLineEnds, unifyLineEnds, type LineEnds } from './line-ends.ts';
import type { Source } from './resolve-input.ts';

/** Delimited files as the engine reads them all at once. */
export interface DelimitedFiles {
  readonly source: Source;
  readonly encoding: NonNullable<TableOptions['encoding']>;
}

/** The files, of UTF-16 copies in UTF-8. */
export async function decodeDelimited(
  database: Database,
  source: Source,
  { encoding = 'utf-8' }: TableOptions,
): Promise<DelimitedFiles> {
  if (encoding !== 'utf-16') return { source, encoding };
  const paths: string[] = [];
  for (const [index, path] of source.paths.entries()) {
    const copy = join(database.directory, `decoded-${index}`);
    try {
      await pipeline(decoded(path, source.compressed), createWriteStream(copy));
    } catch (error) {
      throw databaseFailure(error);
    }
    paths.push(copy);
  }
  return { source: { ...source, paths, compressed: false }, encoding: 'utf-8' };
}

/**
 * The files with one line end, as copies where they have several, or where the engine would take a line
 * end within a heading for that of the record: it does so behind a byte order mark.
 */
export async function withOneLineEnd(
  database: Database,
  source: Source,
  { delimiter, names }: CsvDialect,
): Promise<{ readonly source: Source; readonly lineEnd: Exclude<LineEnds, 'mixed'> }> {
  const { compressed } = source;
  const ends: LineEnds[] = [];
  for (const path of source.paths) ends.push(await findLineEnds(path, compressed, delimiter));
  const [lineEnd] = ends as [LineEnds];
  const isBrokenHeading = names.some((name) => /[\r\n]/.test(name));
  const isOne = lineEnd !== 'mixed' && ends.every((one) => one === lineEnd);
  if (isOne && !isBrokenHeading) return { source, lineEnd };
  const paths: string[] = [];
  for (const [index, path] of source.paths.entries()) {
    if (ends[index] === '\n' && !compressed && !isBrokenHeading) paths.push(path);
    else {
      const to = { directory: database.directory, name: `unified-${index}` };
      paths.push(await unifyLineEnds(path, compressed, delimiter, to));
    }
  }
  return { source: { ...source, paths, compressed: false }, lineEnd: '\n' };
}

async function* decoded(path: string, compressed: boolean): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const part of byteStream(path, compressed)) {
      const isBigEndian = part[0] === 0xfe && part[1] === 0xff;
      decoder ??= new TextDecoder(isBigEndian ? 'utf-16be' : 'utf-16le', { fatal: true });
      yield decoder.decode(part, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw dataError('data/encoding', `expected UTF-16 text, but ${path} holds other bytes`, {
      help: 'Save the file as UTF-8.',
      details: { path },
      cause,
    });
  }
}
