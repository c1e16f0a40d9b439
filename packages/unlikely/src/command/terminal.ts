import type { WriteStream } from 'node:tty';
import { createColors } from 'picocolors';

/** What lines are composed for. */
export interface Canvas {
  /** Paints only where the stream is a terminal and neither `NO_COLOR` nor `TERM=dumb` is set. */
  readonly paint: ReturnType<typeof createColors>;
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number;
}

/**
 * The two ways out of a command: data on standard output, everything else on standard error, whose
 * canvas this is.
 */
export interface Terminal extends Canvas {
  /** Whether a line of standard error can be written over. */
  readonly isInteractive: boolean;
  /** The canvas of standard output. */
  readonly page: Canvas;
  /** Writes to standard output and waits until it has gone out. */
  readonly data: (text: string | Uint8Array) => Promise<void>;
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

export function openTerminal({ isQuiet = false }: TerminalOptions = {}): Terminal {
  const { stdout, stderr, env } = process;
  const isDumb = env['TERM'] === 'dumb';
  const isInteractive = stderr.isTTY && !isDumb;
  const canvas = (stream: WriteStream): Canvas => ({
    // `undefined` would let the library decide, which paints wherever `CI` is set.
    paint: createColors(stream.isTTY === true && !isDumb && !env['NO_COLOR']),
    width: stream.isTTY ? stream.columns : 100,
  });
  const clear = (): string => {
    const prefix = hasStatus ? eraseLine : '';
    hasStatus = false;
    return prefix;
  };
  return {
    ...canvas(stderr),
    page: canvas(stdout),
    isInteractive,
    data: (text) =>
      new Promise((resolve, reject) => {
        if (hasStatus) stderr.write(clear());
        stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    note(line = '') {
      if (!isQuiet) stderr.write(`${clear()}${line}\n`);
    },
    status(line) {
      if (isQuiet || !isInteractive) return;
      stderr.write(`${clear()}${line}`);
      hasStatus = true;
    },
  };
}
