import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal, as those of a process are. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** The number of the open file, where it is one. */
  readonly fd?: number;
};

export type InterruptName = 'SIGINT' | 'SIGTERM';

/** What a command runs in: a process of its own, or a part of another that runs many. */
export interface Host {
  readonly standardInput: Readable & { readonly fd?: number };
  readonly standardOutput: OutputStream;
  readonly standardError: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted to stop the command, with the name of the interrupt as its reason. */
  readonly signal?: AbortSignal;
  /** Ends at once what a stopped command still reads or writes. */
  readonly endQueries?: () => void;
}

/** How a command came to its end. */
export interface Ending<Code extends number = number> {
  readonly exitCode: Code;
  /** The interrupt after which the command was left behind, since it did not end by itself. */
  readonly leftBehind?: InterruptName;
}
