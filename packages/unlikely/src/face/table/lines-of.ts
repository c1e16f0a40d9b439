import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** One line without its end; undefined where it is too long to be held. */
export type Line = string | undefined;

/** A longer line is no record. */
export const mostLineLength = 16_000_000;

/** The lines of a stream that are not empty, each as soon as its end has come; aborting ends them. */
export async function* linesOf(stream: Readable, signal: AbortSignal): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let begun: Line = '';
  const lineOf = (text: string): Line => {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    return line.startsWith('\uFEFF') ? line.slice(1) : line;
  };
  for await (const part of addAbortSignal(signal, stream)) {
    const pieces = decoder.write(part as Buffer).split('\n');
    for (const piece of pieces.slice(0, -1)) {
      const line: Line = begun === undefined ? undefined : lineOf(begun + piece);
      begun = '';
      if (line !== '') yield line;
    }
    const last = pieces.at(-1)!;
    if (begun !== undefined)
      begun = begun.length + last.length > mostLineLength ? undefined : begun + last;
  }
  const rest: Line = begun === undefined ? undefined : lineOf(begun + decoder.end());
  if (rest !== '') yield rest;
}
