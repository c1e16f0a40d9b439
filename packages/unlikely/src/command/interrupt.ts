import { existsSync } from 'node:fs';
import type { UnlikelyError } from '@unlikely/graph';
import { commandError } from '../command-error.ts';
import type { CommandErrorCode } from './error-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** How the running command is stopped. */
export interface Interrupt extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM, with the error of the command's end as its reason. */
  readonly signal: AbortSignal;
}

interface Promised {
  readonly words: string;
  readonly checkpoint?: string;
}

/** Milliseconds until the queries of a stopped command are ended, and until it is left behind. */
const patience = { queries: 0, all: 2000 };
/** Time to finish a chunk of steps and to keep it; at worst, the steps since the last time are lost. */
const patienceOfTraining = { queries: 3000, all: 15_000 };

// One command runs in a process, and signals go to the process.
const stopping: Promised = { words: 'Stopping' };
let promised = stopping;
let controller = new AbortController();
/** The signal of a command that did not come to an end by itself. */
let leftBehind: NodeJS.Signals | undefined;

/** Says what the first interrupt does from now on: in words, and where unfinished training is kept. */
export function listenForInterrupt(words: string, checkpoint?: string): Interrupt {
  promised = checkpoint === undefined ? { words } : { words, checkpoint };
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      promised = stopping;
    },
  };
}

/**
 * Runs a command. The first SIGINT or SIGTERM ends it with `command/interrupted` or
 * `command/terminated`, whatever it is doing: it is told by its signal, and left behind when it does
 * not come to an end by itself. The second lets the process die at once, as if nothing had listened.
 */
export async function interruptible(
  terminal: Terminal,
  run: () => Promise<ExitCode>,
): Promise<ExitCode> {
  controller = new AbortController();
  const { signal } = controller;
  let atStop = stopping;
  const timers: NodeJS.Timeout[] = [];
  let leave: (() => void) | undefined;
  const stopped = new Promise<undefined>((resolve) => (leave = () => resolve(undefined)));
  const listener = (name: NodeJS.Signals): void => {
    if (signal.aborted) {
      release();
      process.kill(process.pid, name);
      return;
    }
    atStop = promised;
    terminal.note(terminal.paint.yellow(`${atStop.words} (once more: stop at once)`));
    const code: CommandErrorCode =
      name === 'SIGTERM' ? 'command/terminated' : 'command/interrupted';
    controller.abort(commandError(code, `stopped by ${name}`));
    const { queries, all } = atStop.checkpoint === undefined ? patience : patienceOfTraining;
    timers.push(setTimeout(() => void endAllQueries(), queries));
    timers.push(
      setTimeout(() => {
        leftBehind = name;
        leave!();
      }, all),
    );
  };
  const release = (): void => {
    process.removeListener('SIGINT', listener);
    process.removeListener('SIGTERM', listener);
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  let failure: unknown;
  try {
    const code = await Promise.race([run(), stopped]);
    // A signal that came while nothing looked for it is heard now.
    await new Promise(setImmediate);
    if (code !== undefined && !signal.aborted) return code;
  } catch (error) {
    if (!signal.aborted) throw error;
    failure = error;
  } finally {
    release();
    timers.forEach(clearTimeout);
  }
  const { code, message } = signal.reason as UnlikelyError<CommandErrorCode>;
  throw commandError(code, message, { help: kept(atStop), cause: failure });
}

/**
 * Ends the process where a command was left behind, as the signal would have. An ordinary exit would
 * wait for its threads, or crash in them.
 */
export async function leaveBehind(): Promise<void> {
  if (leftBehind === undefined) return;
  const { removeTemporaryFiles } = await import('@unlikely/data');
  removeTemporaryFiles();
  if (process.platform !== 'win32') process.kill(process.pid, leftBehind);
}

async function endAllQueries(): Promise<void> {
  const { endQueries } = await import('@unlikely/data');
  endQueries();
}

function kept({ checkpoint }: Promised): string {
  return checkpoint !== undefined && existsSync(checkpoint)
    ? `The same command with --resume goes on from ${checkpoint}.`
    : 'What was not finished is not kept.';
}
