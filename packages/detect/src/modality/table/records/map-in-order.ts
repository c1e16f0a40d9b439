import { abortedError } from '../../../abort.ts';

/** What records come from; a `ReadableStream` is read to its end, or cancelled with the loop over the answers. */
export type RecordSource<Item> = Iterable<Item> | AsyncIterable<Item> | ReadableStream<Item>;

/** Whether the items are there without waiting. */
export function isIterable<Item>(source: RecordSource<Item>): source is Iterable<Item> {
  return Symbol.iterator in source;
}

/** The items of a source; not every browser iterates over streams. */
export function iterate<Item>(
  source: AsyncIterable<Item> | ReadableStream<Item>,
): AsyncIterable<Item> {
  return Symbol.asyncIterator in source ? source : itemsOf(source);
}

async function* itemsOf<Item>(stream: ReadableStream<Item>): AsyncGenerator<Item> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isDone = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!isDone) await reader.cancel();
    reader.releaseLock();
  }
}

type Event<Item, Answer> = { readonly answer: Answer } | { readonly item: IteratorResult<Item> };

/**
 * The answers to items, in their order, each as soon as it is there: the next item is not waited for. At most
 * `most` items are under way, so that a source that is faster waits. An abort ends it at once, whatever the source does.
 */
export async function* mapInOrder<Item, Answer>(
  source: AsyncIterable<Item>,
  answer: (item: Item) => Promise<Answer>,
  most: number,
  signal?: AbortSignal,
): AsyncGenerator<Answer> {
  const iterator = source[Symbol.asyncIterator]();
  const underWay: Promise<Event<Item, Answer>>[] = [];
  let next: Promise<Event<Item, Answer>> | undefined;
  let isDone = false;
  const stopped = abortOf(signal);
  try {
    while (!isDone || underWay.length > 0) {
      if (!isDone && underWay.length < most) {
        next ??= iterator.next().then((item) => ({ item }));
      }
      const event = await Promise.race(
        [underWay[0], underWay.length < most ? next : undefined, stopped?.promise].filter(
          (one) => one !== undefined,
        ),
      );
      if ('answer' in event) {
        void underWay.shift();
        yield event.answer;
        continue;
      }
      next = undefined;
      if (event.item.done === true) isDone = true;
      else {
        const running = answer(event.item.value).then((one) => ({ answer: one }));
        // An error is seen when its turn comes; until then it must not count as unhandled.
        running.catch(() => undefined);
        underWay.push(running);
      }
    }
  } finally {
    stopped?.release();
    next?.catch(() => undefined);
    // A source that waits for its next item would not hear of its end before that.
    const ended = isDone ? undefined : iterator.return?.();
    if (signal?.aborted) ended?.catch(() => undefined);
    else await ended;
  }
}

/** Rejects at the abort of a signal, until it is released. */
function abortOf(
  signal: AbortSignal | undefined,
): { readonly promise: Promise<never>; readonly release: () => void } | undefined {
  if (signal === undefined) return undefined;
  let stop: (() => void) | undefined;
  const promise = new Promise<never>((_, reject) => {
    stop = () => reject(abortedError(signal, 'scoring was stopped'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  promise.catch(() => undefined);
  return { promise, release: () => signal.removeEventListener('abort', stop!) };
}
