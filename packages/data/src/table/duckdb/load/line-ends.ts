import { join } from 'node:path';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { databaseFailure } from '../../../database-failure.ts';
import { dataError } from '../../../data-error.ts';
import { byteStream } from '../../../input/byte-stream.ts';
import { withoutMark } from './byte-order-mark.ts';

/** How every line of a delimited file ends, or that they end in different ways. */
export type LineEnds = '\n' | '\r\n' | '\r' | 'mixed';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const quote = 0x22;

/**
 * How the records of a file end, line ends within quoted values aside: the engine goes by the first
 * line end of the file, wherever it stands. Only a file with a carriage return is read byte by byte.
 */
export async function findLineEnds(
  path: string,
  compressed: boolean,
  delimiter: string,
): Promise<LineEnds> {
  if (!(await holdsCarriageReturn(path, compressed))) return '\n';
  const found = new Set<Exclude<LineEnds, 'mixed'>>();
  const scanner = new RecordScanner(delimiter);
  for await (const part of withoutMark(byteStream(path, compressed))) {
    scanner.scan(part, (_start, _end, ending) => found.add(ending));
    if (found.size > 1) return 'mixed';
  }
  if (scanner.endsOpen) found.add('\r');
  const [only = '\n', another] = found;
  return another === undefined ? only : 'mixed';
}

/** Writes a copy of the file into a folder, in which every record ends in a line feed, without byte order mark. */
export async function unifyLineEnds(
  path: string,
  compressed: boolean,
  delimiter: string,
  to: { readonly directory: string; readonly name: string },
): Promise<string> {
  const copy = join(to.directory, to.name);
  try {
    await pipeline(unified(path, compressed, delimiter), createWriteStream(copy));
  } catch (error) {
    throw databaseFailure(error);
  }
  return copy;
}

async function* unified(
  path: string,
  compressed: boolean,
  delimiter: string,
): AsyncGenerator<Buffer> {
  const scanner = new RecordScanner(delimiter);
  const newline = Buffer.from('\n');
  for await (const part of withoutMark(byteStream(path, compressed))) {
    const pieces: Buffer[] = [];
    let rest = 0;
    scanner.scan(part, (start, end) => {
      if (start > rest) pieces.push(part.subarray(rest, start));
      pieces.push(newline);
      rest = end;
    });
    // A carriage return at the very end may be the first half of a line end.
    pieces.push(part.subarray(rest, scanner.endsOpen ? part.length - 1 : part.length));
    yield Buffer.concat(pieces);
  }
  if (scanner.endsOpen) yield newline;
}

/** What the engine takes as one line: of a longer one at the end of a file it would say nothing. */
const mostLineBytes = 2_000_000;

/** @throws UnlikelyError `data/malformed` where a line is longer than any table has. */
async function holdsCarriageReturn(path: string, compressed: boolean): Promise<boolean> {
  let isFound = false;
  let length = 0;
  for await (const part of byteStream(path, compressed)) {
    isFound ||= part.includes(carriageReturn);
    const ends = [part.indexOf(lineFeed), part.indexOf(carriageReturn)].filter((at) => at >= 0);
    length += ends.length === 0 ? part.length : Math.min(...ends);
    if (length > mostLineBytes) throw longLine(path);
    if (ends.length > 0) {
      length = part.length - Math.max(part.lastIndexOf(lineFeed), part.lastIndexOf(carriageReturn));
    }
  }
  return isFound;
}

function longLine(path: string): Error {
  return dataError(
    'data/malformed',
    `expected lines of at most ${mostLineBytes / 1e6} MB, but ${path} has a longer one`,
    { help: 'Check that it is a table: one row a line.', details: { path } },
  );
}

/** Follows quotes through the bytes of a delimited file, in UTF-8 or in a code of one byte. */
class RecordScanner {
  readonly #delimiter: number;
  #isQuoted = false;
  #atStart = true;
  #afterReturn = false;

  constructor(delimiter: string) {
    this.#delimiter = Buffer.from(delimiter).at(-1)!;
  }

  /** Whether the bytes so far end in a carriage return, whose line feed may follow. */
  get endsOpen(): boolean {
    return this.#afterReturn;
  }

  /**
   * @param onEnd Told of each line end outside of quotes where it stands in the part; one that began
   *   in the last part starts at 0.
   */
  scan(
    part: Buffer,
    onEnd: (start: number, end: number, ending: '\n' | '\r\n' | '\r') => void,
  ): void {
    for (let at = 0; at < part.length; at++) {
      const byte = part[at]!;
      if (this.#afterReturn) {
        this.#afterReturn = false;
        const start = Math.max(0, at - 1);
        if (byte === lineFeed) {
          onEnd(start, at + 1, '\r\n');
          continue;
        }
        onEnd(start, at, '\r');
      }
      if (this.#isQuoted) {
        // A doubled quote closes and opens again.
        if (byte === quote) [this.#isQuoted, this.#atStart] = [false, true];
      } else if (byte === quote) {
        if (this.#atStart) this.#isQuoted = true;
      } else if (byte === carriageReturn) [this.#afterReturn, this.#atStart] = [true, true];
      else if (byte === lineFeed) {
        onEnd(at, at + 1, '\n');
        this.#atStart = true;
      } else {
        this.#atStart = byte === this.#delimiter;
      }
    }
  }
}
