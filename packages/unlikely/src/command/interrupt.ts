import { UnlikelyError } from '@unlikely/graph';
import type { CommandErrorCode } from './error-code.ts';
import type { Terminal } from './terminal.ts';

/** Turns the first interrupt into an orderly stop. */
export interface Interrupt extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM, with the error of the command's end as its reason. */
  readonly signal: AbortSignal;
}

/**
 * Once: `signal` is aborted and the command ends as soon as it can, having said `promise`. Twice:
 * the process dies of the signal at once, as if nothing had listened.
 */
export function listenForInterrupt(terminal: Terminal, promise: string): Interrupt {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
      process.kill(process.pid, signal);
      return;
    }
    terminal.note(terminal.paint.yellow(`${promise} (once more: stop at once)`));
    const code: CommandErrorCode =
      signal === 'SIGTERM' ? 'command/terminated' : 'command/interrupted';
    controller.abort(new UnlikelyError(code, `stopped by ${signal}`));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
    },
  };
}
