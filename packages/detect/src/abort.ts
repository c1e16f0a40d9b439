import { UnlikelyError } from '@unlikely/graph';
import { detectError } from './detect-error.ts';

/** What can be stopped. */
export interface Abortable {
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** The signal alone, to hand it on. */
export function signalOf({ signal }: Abortable): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/**
 * What a call that was stopped ends with: an error of ours, named `AbortError` as those of the platform
 * are, whose cause is the reason of the signal.
 */
export function abortedError(
  signal: AbortSignal,
  message: string,
  help: string = 'Start it again.',
): UnlikelyError<'detect/aborted'> {
  const error = detectError('detect/aborted', message, { help, cause: signal.reason });
  error.name = 'AbortError';
  return error;
}

/** A source ends with the reason of the signal, whatever that is: it becomes the cause of an error of ours. */
export async function orAborted<Result>(
  { signal }: Abortable,
  what: string,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (signal?.aborted !== true) throw cause;
    if (cause instanceof UnlikelyError && cause !== signal.reason) throw cause;
    throw abortedError(signal, `${what} was stopped`);
  }
}

/** The items, until the signal ends them with `detect/aborted`. */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item>,
  what: string,
  options: Abortable,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await orAborted(options, what, () => iterator.next());
      if (step.done === true) return;
      // A source need not hear the signal, and what was read ahead did not; what is finished stays so.
      if (options.signal?.aborted) throw abortedError(options.signal, `${what} was stopped`);
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}
