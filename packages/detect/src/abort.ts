import { UnlikelyError } from '@unlikely/graph';
import { detectError } from './detect-error.ts';

export interface Abortable {
  readonly signal?: AbortSignal;
}

/** The signal alone, to hand it on. */
export function signalOf({ signal }: Abortable): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** A table ends with the reason of the signal, whatever that is: it becomes an error of ours. */
export async function orAborted<Result>(
  { signal }: Abortable,
  what: string,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (signal?.aborted !== true || cause instanceof UnlikelyError) throw cause;
    throw detectError('detect/aborted', `${what} was stopped`, {
      help: 'Start it again.',
      cause,
    });
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
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}
