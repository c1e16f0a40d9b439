import { dataError } from '../../../data-error.ts';
import type { TableOptions } from '../table-options.ts';
import { csvDialect, type CsvDialect } from '../../csv-text.ts';
import { looksLikeUtf16 } from './byte-order-mark.ts';
import { byteStream } from '../../../input/byte-stream.ts';
import type { Source } from './resolve-input.ts';

const previewBytes = 4 * 1024 * 1024;
const previewLines = 20;

/**
 * Reads the delimiter and the names off the first lines of a file.
 *
 * @param path What the file is called towards the user, which may have given another.
 */
export async function readCsvDialect(
  file: string,
  path: string,
  source: Source,
  { delimiter, header, encoding = 'utf-8' }: TableOptions,
): Promise<CsvDialect> {
  const text = await readPreview(file, path, source.compressed, encoding);
  const fixed = delimiter ?? (source.format === 'tsv' ? '\t' : undefined);
  return csvDialect(text, path, text.length < previewBytes, {
    ...(fixed === undefined ? {} : { delimiter: fixed }),
    ...(header === undefined ? {} : { header }),
  });
}

async function readPreview(
  file: string,
  path: string,
  compressed: boolean,
  encoding: string,
): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of byteStream(file, compressed)) {
    parts.push(part);
    length += part.length;
    // One megabyte holds the first records of any but the widest tables.
    if (length >= previewBytes || (length >= 2 ** 20 && enoughLines(parts))) break;
  }
  const all = Buffer.concat(parts).subarray(0, previewBytes);
  if (encoding === 'utf-8' && looksLikeUtf16(all)) {
    throw dataError('data/encoding', `expected UTF-8 text, but ${path} is UTF-16`, {
      help: 'Save the file as UTF-8, or name its encoding: utf-16.',
      details: { path },
    });
  }
  return new TextDecoder(encoding === 'latin-1' ? 'latin1' : 'utf-8').decode(all);
}

function enoughLines(parts: readonly Buffer[]): boolean {
  let lines = 0;
  for (const part of parts) {
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) {
      if (++lines > previewLines) return true;
    }
  }
  return false;
}
