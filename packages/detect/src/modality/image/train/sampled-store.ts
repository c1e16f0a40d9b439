import type { PixelStore } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';

/** `count` images of a store, chosen at random by the seed, in its order. */
export function sampledStore(store: PixelStore, count: number, seed: number): PixelStore {
  const chosen = new RandomStream(seed, 'sample').permutation(store.rows).slice(0, count).sort();
  const { settings, failures, conversions, labels } = store;
  return {
    settings,
    failures,
    conversions,
    rows: chosen.length,
    rowNumbers: Float64Array.from(chosen, (row) => store.rowNumbers[row]!),
    ...(labels === undefined ? {} : { labels: Array.from(chosen, (row) => labels[row]!) }),
    read: (rows, into) =>
      store.read(
        rows.map((row) => chosen[row]!),
        into,
      ),
    // The store that it was made of is its owner's to dispose of.
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
