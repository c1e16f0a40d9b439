import { dataError } from '../data-error.ts';
import { byteStream } from './byte-stream.ts';

/** Levels of lists and objects within each other; the engine's reader calls itself for each. */
export const mostNesting = 100;

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
// [ and {, ] and }: the bit of 0x20 is the difference.
const opening = 0x7b;
const closing = 0x7d;

/**
 * Reads a JSON file once for its brackets, before anything believes it.
 *
 * @throws UnlikelyError `data/malformed` where they stand deeper than `mostNesting`.
 */
export async function refuseDeepNesting(path: string, compressed: boolean): Promise<void> {
  let depth = 0;
  let line = 1;
  let isText = false;
  let isEscaped = false;
  for await (const part of byteStream(path, compressed)) {
    for (let at = 0; at < part.length; at++) {
      const byte = part[at]!;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isText = false;
      } else if (byte === quote) isText = true;
      else if (byte >= 0x5b && (byte | 0x20) === opening) {
        if (++depth > mostNesting) throw tooDeep(path, line);
      } else if (byte >= 0x5b && (byte | 0x20) === closing) depth = Math.max(0, depth - 1);
      if (byte === lineFeed) line++;
    }
  }
}

function tooDeep(path: string, line: number): Error {
  return dataError(
    'data/malformed',
    `expected at most ${mostNesting} levels of lists and objects, but line ${line} of ${path} has more`,
    { help: 'Write one flat object for each row.', details: { path, line } },
  );
}
