/** Bytes of items that may wait to be scored, and of a batch beside which no other waits. */
const readAheadBytes = 16e6;
const largeBytes = 50e6;

/**
 * Scores batches in their order, while further ones are read.
 *
 * @param scorer Made while the first batch is read.
 * @param bytesOf What a batch takes while it waits.
 */
export async function* scoreAhead<Items, Scored>(
  batches: AsyncIterable<Items>,
  scorer: Promise<(items: Items) => Promise<Scored>>,
  bytesOf: (items: Items) => number,
): AsyncGenerator<Scored> {
  const waiting: Promise<Scored>[] = [];
  for await (const items of batches) {
    const scored = scorer.then((score) => score(items));
    // An error is seen at an `await` below; until then it must not count as unhandled.
    scored.catch(() => undefined);
    waiting.push(scored);
    const bytes = bytesOf(items);
    const most = Math.max(bytes > largeBytes ? 1 : 2, Math.min(8, readAheadBytes / bytes));
    if (waiting.length >= most) yield await waiting.shift()!;
  }
  for (const scored of waiting) yield await scored;
}
