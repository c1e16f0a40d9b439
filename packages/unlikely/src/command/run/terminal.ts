import { randomUUID } from 'node:crypto';
import { Transform } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createColors } from 'picocolors';
import type { Host, OutputStream } from './host.ts';
import { shown } from '../tell/shown.ts';

type Paint = ReturnType<typeof createColors>;

/** What lines are composed for. */
export interface Canvas {
  /** Paints only where the stream is a terminal and neither `NO_COLOR` nor `TERM=dumb` is set. */
  readonly paint: Paint;
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number;
}

/**
 * The two ways out of a command: data on standard output, everything else on standard error, whose
 * canvas this is. No character that steers a terminal reaches one, but those of `paint`.
 */
export interface Terminal extends Canvas {
  /** Whether a line of standard error can be written over. */
  readonly isInteractive: boolean;
  /** The canvas of standard output. */
  readonly page: Canvas;
  /** Lines for readers on standard output. */
  readonly print: (lines: readonly string[]) => Promise<void>;
  /** Writes to standard output, to files and pipes as it stands, and waits until it has gone out. */
  readonly data: (text: string | Uint8Array) => Promise<void>;
  /** Where a table goes that is written to standard output. */
  readonly standardOutput: Writable;
  /** Whether standard output is read by eyes, for which bytes are nothing. */
  readonly isOutputShown: boolean;
  /** What the input `-` reads. */
  readonly standardInput: Readable;
  /** One line on standard error; takes the place of the status line. */
  readonly note: (line?: string) => void;
  /** A line that the next one replaces; only on a terminal. */
  readonly status: (line: string) => void;
}

const eraseLine = '\r\u001B[2K';
const escape = '\u001B[';
/** Stands for `escape` in lines that we paint, and cannot stand in data, since nobody knows it before. */
const paintMark = `${randomUUID()}[`;
const composed = '\n\t';

/** The terminal of a command; there is one, since it knows whether its last line is a status line. */
export function openTerminal(host: Host): Terminal {
  const { standardInput, standardOutput: stdout, standardError: stderr, environment } = host;
  const isDumb = environment['TERM'] === 'dumb';
  const isInteractive = stderr.isTTY === true && !isDumb;
  const isOutputShown = stdout.isTTY === true;
  const canvas = (stream: OutputStream): Canvas => ({
    // `undefined` would let the library decide, which paints wherever `CI` is set.
    paint: markedPaint(createColors(stream.isTTY === true && !isDumb && !environment['NO_COLOR'])),
    width: stream.isTTY === true ? (stream.columns ?? 100) : 100,
  });
  let hasStatus = false;
  const clear = (): string => {
    const prefix = hasStatus ? eraseLine : '';
    hasStatus = false;
    return prefix;
  };
  const send = (text: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      if (hasStatus) stderr.write(clear());
      stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  return {
    ...canvas(stderr),
    page: canvas(stdout),
    isInteractive,
    isOutputShown,
    standardInput,
    print: (lines) => send(lines.map((line) => `${visible(line)}\n`).join('')),
    data: (text) => send(typeof text === 'string' && isOutputShown ? shown(text, composed) : text),
    standardOutput: isOutputShown ? shownStream(stdout) : stdout,
    note(line = '') {
      stderr.write(`${clear()}${visible(line)}\n`);
    },
    status(line) {
      if (!isInteractive) return;
      stderr.write(`${clear()}${visible(line)}`);
      hasStatus = true;
    },
  };
}

/** The same terminal without notes and status lines. */
export function quiet(terminal: Terminal): Terminal {
  return { ...terminal, note: () => {}, status: () => {} };
}

/** The same colours, told apart from those that a text brings along. */
export function markedPaint(colors: Paint): Paint {
  return Object.fromEntries(
    Object.entries(colors).map(([name, paint]) => [
      name,
      typeof paint === 'function'
        ? (text: string) => paint(shown(String(text))).replaceAll(escape, paintMark)
        : paint,
    ]),
  ) as Paint;
}

/** A composed line as it goes out: our colours alone steer. */
export function visible(line: string): string {
  return shown(line).replaceAll(paintMark, escape);
}

/** A terminal reads bytes as text, so data that would steer it is shown there. */
function shownStream(output: Writable): Writable {
  const decoder = new StringDecoder('utf8');
  const stream = new Transform({
    transform(part: Buffer, _encoding, done) {
      done(null, shown(decoder.write(part), composed));
    },
  });
  stream.pipe(output, { end: false });
  return stream;
}
