import { dataError } from '../../../data-error.ts';
import { hasMark, looksLikeUtf16 } from './byte-order-mark.ts';
import { byteStream } from '../../../input/byte-stream.ts';

/** Levels of lists and objects within each other; the engine's reader calls itself for each. */
export const mostNesting = 100;

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
// [ and {, ] and }: the bit of 0x20 is the difference.
const opening = 0x7b;
const closing = 0x7d;

/** A longer text in a value is no cell of a table. */
const mostTextBytes = 16_000_000;

/**
 * Reads a JSON file once for its brackets and texts, before anything believes it.
 *
 * @returns Whether it begins with the byte order mark of UTF-8.
 * @throws UnlikelyError `data/malformed` where brackets stand deeper than `mostNesting`, or a text is longer than
 *   16 MB; `data/encoding` for UTF-16.
 */
export async function surveyJson(path: string, compressed: boolean): Promise<boolean> {
  let depth = 0;
  let line = 1;
  let isText = false;
  let isEscaped = false;
  let textBytes = 0;
  let isMarked: boolean | undefined;
  for await (const part of byteStream(path, compressed)) {
    if (isMarked === undefined && looksLikeUtf16(part)) throw utf16(path);
    isMarked ??= hasMark(part);
    for (let at = 0; at < part.length; at++) {
      const byte = part[at]!;
      if (isText) {
        textBytes++;
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isText = false;
      } else if (byte === quote) {
        isText = true;
        textBytes = 0;
      } else if (byte >= 0x5b && (byte | 0x20) === opening) {
        if (++depth > mostNesting) throw tooDeep(path, line);
      } else if (byte >= 0x5b && (byte | 0x20) === closing) depth = Math.max(0, depth - 1);
      if (byte === lineFeed) line++;
    }
    if (isText && textBytes > mostTextBytes) throw tooLong(path, line);
  }
  return isMarked ?? false;
}

function tooLong(path: string, line: number): Error {
  return dataError(
    'data/malformed',
    `expected texts of at most ${mostTextBytes / 1e6} MB, but line ${line} of ${path} has a longer one`,
    { help: 'Leave such values out of the table.', details: { path, line } },
  );
}

function utf16(path: string): Error {
  return dataError('data/encoding', `expected UTF-8 text, but ${path} is UTF-16`, {
    help: 'Save the file as UTF-8.',
    details: { path },
  });
}

function tooDeep(path: string, line: number): Error {
  return dataError(
    'data/malformed',
    `expected at most ${mostNesting} levels of lists and objects, but line ${line} of ${path} has more`,
    { help: 'Write one flat object for each row.', details: { path, line } },
  );
}
