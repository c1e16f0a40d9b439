import { dataError } from '../data-error.ts';
import type { TableOptions } from '../table-options.ts';
import { looksLikeUtf16 } from './byte-order-mark.ts';
import { byteStream } from './byte-stream.ts';
import type { Source } from './resolve-input.ts';

/** How the lines of a delimited file are cut, and what its columns are called. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const delimiters = [',', ';', '\t', '|'] as const;
const previewBytes = 4 * 1024 * 1024;
const previewRecords = 20;

/**
 * Reads the delimiter and the names off the first lines. The delimiter is the one that cuts the
 * first records into equally many parts, and into most of them; a file without any has one column.
 *
 * @param path What the file is called towards the user, which may have given another.
 */
export async function readCsvDialect(
  file: string,
  path: string,
  source: Source,
  options: TableOptions,
): Promise<CsvDialect> {
  const text = await readPreview(file, path, source.compressed, options.encoding ?? 'utf-8');
  const fixed = options.delimiter ?? (source.format === 'tsv' ? '\t' : undefined);
  if (fixed !== undefined && fixed.length !== 1) {
    throw dataError(
      'data/wrong-option',
      `expected one character as delimiter, but got ${JSON.stringify(fixed)}`,
      {
        help: 'Name one character, such as ";".',
      },
    );
  }
  const delimiter = fixed ?? likeliestDelimiter(text);
  const first = splitRecords(text, delimiter, 1)[0];
  if (first === undefined || text.trim() === '') {
    throw dataError('data/empty', `expected a table, but ${path} holds no line`, {
      help: 'Check the program that wrote the file.',
      details: { path },
    });
  }
  const header = options.header ?? true;
  const names = first.map((name, index) => (header && name.trim()) || `column_${index + 1}`);
  refuseDuplicates(names, path);
  return { delimiter, names };
}

function refuseDuplicates(names: readonly string[], path: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw dataError(
        'data/duplicate-column',
        `expected different column names, but "${name}" stands twice in the first line of ${path}`,
        {
          help: 'Rename one of them, or say that the file has no header.',
          details: { column: name, path },
        },
      );
    }
    seen.add(name);
  }
}

function likeliestDelimiter(text: string): string {
  let best: string = ',';
  let bestParts = 1;
  for (const delimiter of delimiters) {
    const records = splitRecords(text, delimiter, previewRecords).filter(
      (record) => record.length > 1 || record[0] !== '',
    );
    const parts = records[0]?.length ?? 1;
    if (parts > bestParts && records.every(({ length }) => length === parts)) {
      best = delimiter;
      bestParts = parts;
    }
  }
  // Ragged files agree on no delimiter: the one of the first line lets the error name the line.
  if (bestParts === 1) {
    for (const delimiter of delimiters) {
      const parts = splitRecords(text, delimiter, 1)[0]?.length ?? 1;
      const second = splitRecords(text, delimiter, 2)[1]?.length ?? 1;
      if (parts > bestParts && second > 1) {
        best = delimiter;
        bestParts = parts;
      }
    }
  }
  return best;
}

/** The first records of the text; the last one only where it is surely complete. */
function splitRecords(text: string, delimiter: string, limit: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let value = '';
  let quoted = false;
  let position = 0;
  const endRecord = (): void => {
    record.push(value);
    records.push(record);
    record = [];
    value = '';
  };
  while (position < text.length && records.length < limit) {
    const character = text[position]!;
    if (quoted) {
      if (character !== '"') value += character;
      else if (text[position + 1] === '"') value += text[position++];
      else quoted = false;
    } else if (character === '"' && value === '') quoted = true;
    else if (character === delimiter) {
      record.push(value);
      value = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[position + 1] === '\n') position++;
      endRecord();
    } else value += character;
    position++;
  }
  const complete = text.length < previewBytes;
  if (records.length < limit && complete && (value !== '' || record.length > 0)) endRecord();
  return records;
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
      if (++lines > previewRecords) return true;
    }
  }
  return false;
}
