import { csvDialect, splitRecords } from '@unlikely/data/memory';
import type { CsvDialect, CsvOptions, DataRecord } from '@unlikely/data/memory';
import { mostLineLength } from './lines-of.ts';
import type { Line } from './lines-of.ts';

/** Why a line has no score; the next ones do not suffer from it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A line as a record, or why it is none. */
export type Followed = { readonly row: number } & (
  { readonly record: DataRecord } | { readonly refusal: Refusal }
);

/** The records of lines: of JSON objects where the first line is one, else of CSV under the names of the first. */
export async function* followedRecords(
  lines: AsyncIterable<Line>,
  options: CsvOptions,
): AsyncGenerator<Followed> {
  let row = 0;
  let parse: ((line: string, row: number) => Followed) | undefined;
  for await (const line of lines) {
    if (parse === undefined) {
      if (line === undefined || line.trimStart().startsWith('{')) parse = jsonRecord;
      else {
        const dialect = csvDialect(line, 'standard input', true, options);
        parse = (text, number) => csvRecord(dialect, text, number);
        // The first line holds the names.
        if (options.header !== false) continue;
      }
    }
    yield line === undefined
      ? refused(row, `a line of at most ${mostLineLength / 1e6} MB`, 'a longer one')
      : parse(line, row);
    row++;
  }
}

function jsonRecord(line: string, row: number): Followed {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
      return { row, record: record as DataRecord };
    }
    return refused(row, 'a JSON object', Array.isArray(record) ? 'a list' : String(record));
  } catch (error) {
    return refused(row, 'a JSON object', `none: ${(error as Error).message}`);
  }
}

function csvRecord({ delimiter, names }: CsvDialect, line: string, row: number): Followed {
  // A line end within quotes would keep the answers to all further lines waiting.
  if ((line.split('"').length - 1) % 2 === 1) {
    return refused(row, 'a closing double quote in the same line', 'none');
  }
  const values = splitRecords(line, delimiter, 1, true)[0] ?? [];
  if (values.length !== names.length) {
    return refused(row, `${names.length} values`, String(values.length), 'data/ragged');
  }
  return { row, record: Object.fromEntries(names.map((name, index) => [name, values[index]])) };
}

function refused(row: number, expected: string, came: string, code = 'data/malformed'): Followed {
  return { row, refusal: { code, message: `expected ${expected} in row ${row}, got ${came}` } };
}
