import { dataError } from '../data-error.ts';

/** How a text is to be cut, where it does not say so itself. */
export interface CsvOptions {
  /** One character. Default: the likeliest of `, ; tab |`. */
  readonly delimiter?: string;
  /** Whether the first line holds the names. Default: true; false names them `column_1`, …. */
  readonly header?: boolean;
}

/** How the lines of a delimited text are cut, and what its columns are called. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const delimiters = [',', ';', '\t', '|'] as const;
const previewRecords = 20;

/**
 * Reads the delimiter and the names off the first lines. The delimiter is the one that cuts the
 * first records into equally many parts, and into most of them; a text without any has one column.
 *
 * @param path What the text is called towards the user.
 * @param isComplete Whether nothing follows the text.
 * @throws UnlikelyError `data/wrong-option`, `data/empty`, `data/duplicate-column`.
 */
export function csvDialect(
  text: string,
  path: string,
  isComplete: boolean,
  options: CsvOptions,
): CsvDialect {
  const fixed = options.delimiter;
  if (fixed !== undefined && fixed.length !== 1) {
    throw dataError(
      'data/wrong-option',
      `expected one character as delimiter, but got ${JSON.stringify(fixed)}`,
      { help: 'Name one character, such as ";".' },
    );
  }
  const delimiter = fixed ?? likeliestDelimiter(text, isComplete);
  const first = splitRecords(text, delimiter, 1, isComplete)[0];
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

/** The delimiter that cuts the first records into equally many parts, and into most of them. */
function likeliestDelimiter(text: string, isComplete: boolean): string {
  let best: string = ',';
  let bestParts = 1;
  for (const delimiter of delimiters) {
    const records = splitRecords(text, delimiter, previewRecords, isComplete).filter(
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
      const parts = splitRecords(text, delimiter, 1, isComplete)[0]?.length ?? 1;
      const second = splitRecords(text, delimiter, 2, isComplete)[1]?.length ?? 1;
      if (parts > bestParts && second > 1) {
        best = delimiter;
        bestParts = parts;
      }
    }
  }
  return best;
}

/** The first records of the text; what follows the last line end only where the text is complete. */
export function splitRecords(
  text: string,
  delimiter: string,
  limit: number,
  isComplete: boolean,
): string[][] {
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
  if (records.length < limit && isComplete && (value !== '' || record.length > 0)) endRecord();
  return records;
}
