import { randomUUID } from 'node:crypto';
import { Transform } from 'node:stream';
import type { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { WriteStream } from 'node:tty';
import { createColors } from 'picocolors';
import { shown } from './shown.ts';

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
  /** One line on standard error; takes the place of the status line. */
  readonly note: (line?: string) => void;
  /** A line that the next one replaces; only on a terminal. */
  readonly status: (line: string) => void;
}

export interface TerminalOptions {
  /** Leaves out notes and status lines. */
  readonly isQuiet?: boolean;
}

/** Whether the last line of standard error is a status line; there is one such stream. */
let hasStatus = false;
const eraseLine = '\r\u001B[2K';
const escape = '\u001B[';
/** Stands for `escape` in lines that we paint, and cannot stand in data, since nobody knows it before. */
const paintMark = `${randomUUID()}[`;
const composed = '\n\t';

export function openTerminal({ isQuiet = false }: TerminalOptions = {}): Terminal {
  const { stdout, stderr, env } = process;
  const isDumb = env['TERM'] === 'dumb';
  const isInteractive = stderr.isTTY && !isDumb;
  const canvas = (stream: WriteStream): Canvas => ({
    // `undefined` would let the library decide, which paints wherever `CI` is set.
    paint: markedPaint(createColors(stream.isTTY === true && !isDumb && !env['NO_COLOR'])),
    width: stream.isTTY ? stream.columns : 100,
  });
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
    print: (lines) => send(lines.map((line) => `${visible(line)}\n`).join('')),
    data: (text) => send(typeof text === 'string' && stdout.isTTY ? shown(text, composed) : text),
    standardOutput: stdout.isTTY ? shownStream(stdout) : stdout,
    note(line = '') {
      if (!isQuiet) stderr.write(`${clear()}${visible(line)}\n`);
    },
    status(line) {
      if (isQuiet || !isInteractive) return;
      stderr.write(`${clear()}${visible(line)}`);
      hasStatus = true;
    },
  };
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
