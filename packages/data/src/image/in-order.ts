/** Does `work` on items with a few of them in flight, and gives the results in the items' order. */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  inFlight: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // It is awaited when its turn comes; until then its failure is not unhandled.
    result.catch(() => undefined);
    waiting.push(result);
    if (waiting.length >= inFlight) yield await waiting.shift()!;
  }
  for (const result of waiting) yield await result;
}
