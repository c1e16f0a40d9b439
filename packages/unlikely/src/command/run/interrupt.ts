import { existsSync } from 'node:fs';
import type { UnlikelyError } from '@unlikely/graph';
import { commandError } from '../../command-error.ts';
import type { ExitCode } from './exit-code.ts';
import type { Host, InterruptName } from './host.ts';
import type { Terminal } from './terminal.ts';

/** What an interrupt does: in words, and where unfinished training is kept. */
interface Promised {
  readonly words: string;
  readonly checkpoint?: string;
}

/** How a command is stopped. */
export interface Interrupt {
  /** Aborted by an interrupt, with the error of the command's end as its reason. */
  readonly signal: AbortSignal;
  /** Says what an interrupt does from now on. */
  readonly promise: (words: string, checkpoint?: string) => void;
}

export interface InterruptibleOptions extends Pick<Host, 'signal' | 'endQueries'> {
  readonly terminal: Terminal;
  readonly run: (interrupt: Interrupt) => Promise<ExitCode>;
  /** Told where the command did not come to an end by itself. */
  readonly onLeftBehind: (name: InterruptName) => void;
}

/** Milliseconds until the queries of a stopped command are ended, and until it is left behind. */
const patience = { queries: 0, all: 2000 };
/** Time to finish a chunk of steps and to keep it; at worst, the steps since the last time are lost. */
const patienceOfTraining = { queries: 3000, all: 15_000 };

/**
 * Runs a command. An interrupt ends it with `command/interrupted` or `command/terminated`, whatever it
 * is doing and whichever of its loops hears of it first: it is told by its signal, and left behind
 * when it does not come to an end by itself.
 */
export async function interruptible({
  terminal,
  signal: outer,
  run,
  endQueries,
  onLeftBehind,
}: InterruptibleOptions): Promise<ExitCode> {
  const controller = new AbortController();
  const { signal } = controller;
  let promised: Promised = { words: 'Stopping' };
  let atStop = promised;
  const timers: NodeJS.Timeout[] = [];
  let leave: (() => void) | undefined;
  const stopped = new Promise<undefined>((resolve) => (leave = () => resolve(undefined)));
  const stop = (): void => {
    const name: InterruptName = outer?.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
    atStop = promised;
    terminal.note(terminal.paint.yellow(`${atStop.words} (once more: stop at once)`));
    const code = name === 'SIGTERM' ? 'command/terminated' : 'command/interrupted';
    controller.abort(commandError(code, `stopped by ${name}`));
    const { queries, all } = atStop.checkpoint === undefined ? patience : patienceOfTraining;
    if (endQueries !== undefined) timers.push(setTimeout(endQueries, queries));
    timers.push(
      setTimeout(() => {
        onLeftBehind(name);
        leave!();
      }, all),
    );
  };
  outer?.addEventListener('abort', stop, { once: true });
  if (outer?.aborted === true) stop();
  let failure: unknown;
  try {
    const promise: Interrupt['promise'] = (words, checkpoint) => {
      promised = checkpoint === undefined ? { words } : { words, checkpoint };
    };
    const code = await Promise.race([run({ signal, promise }), stopped]);
    // A signal that came while nothing looked for it is heard now.
    await new Promise(setImmediate);
    if (code !== undefined && !signal.aborted) return code;
  } catch (error) {
    if (!signal.aborted) throw error;
    failure = error;
  } finally {
    outer?.removeEventListener('abort', stop);
    timers.forEach(clearTimeout);
  }
  const { code, message } = signal.reason as UnlikelyError<
    'command/interrupted' | 'command/terminated'
  >;
  throw commandError(code, message, { help: kept(atStop), cause: failure });
}

function kept({ checkpoint }: Promised): string {
  return checkpoint !== undefined && existsSync(checkpoint)
    ? `The same command with --resume goes on from ${checkpoint}.`
    : 'What was not finished is not kept.';
}
