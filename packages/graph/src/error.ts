/** What an error carries beside its message. */
export interface ErrorDetail {
  /** What the user can do about it, as one sentence. */
  readonly help?: string;
  /** The facts behind the message, for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * The one error class of every package. `code` is stable and belongs to a closed union that each
 * package owns; the message says what was expected and what came, `help` what to do.
 */
export class UnlikelyError<Code extends string = string> extends Error {
  /** Stable, for programs: `data/file-not-found`. */
  readonly code: Code;
  /** What to do about it, as one sentence; undefined where nothing is known. */
  readonly help: string | undefined;
  /** The facts behind the message, for programs; empty where there are none. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'UnlikelyError';
    this.code = code;
    this.help = detail.help;
    this.details = detail.details ?? {};
  }
}

/** Makes the errors of one package: a code that is not of its union does not compile. */
export type ErrorFactory<Code extends string> = <Own extends Code>(
  code: Own,
  message: string,
  detail?: ErrorDetail,
) => UnlikelyError<Own>;

/**
 * The factory of a package, for the union of its codes. Only such factories construct errors: the
 * constructor takes any string, and a misspelt code would end without an exit code.
 */
export function errorFactory<Code extends string>(): ErrorFactory<Code> {
  return (code, message, detail) => new UnlikelyError(code, message, detail);
}

/** An invariant of our own code is broken: a bug, never the user's fault. */
export function internalError(message: string): UnlikelyError<'internal'> {
  return new UnlikelyError('internal', `internal: ${message}`, {
    help: 'This is a bug in Unlikely; please report it with the steps that led here.',
  });
}
