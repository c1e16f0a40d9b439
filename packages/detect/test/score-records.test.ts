import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryTable } from '@unlikely/data/memory';
import type { DataRecord } from '@unlikely/data/memory';
import { TableDetector } from '../src/modality/table/detector.ts';
import type { ScoredRecord } from '../src/modality/table/records/record-options.ts';
import { delayedRuntime, platform } from './support/platform.ts';

/** Mixed columns, some of them missing, as programs have them. */
function payments(rows: number): Record<string, unknown>[] {
  return Array.from({ length: rows }, (_, row) => ({
    amount: Math.round(1000 * Math.sin(row * 1.7) + 40 * Math.cos(row * 12.9898)) / 10,
    fee: row % 11 === 0 ? null : Math.sin(row * 1.7) + 0.1 * Math.cos(row * 78.233),
    items: row % 7,
    shop: ['tea', 'fish', 'coal'][(row + (row % 2)) % 3],
    isNew: row % 5 < 2,
    at: new Date(Date.UTC(2024, 0, 1) + row * 4_321_000).toISOString(),
  }));
}

const known = payments(700);
/** With spellings that mean the same, and values that training never saw. */
const fresh: DataRecord[] = payments(150).map((record, row) =>
  row % 10 === 3
    ? {
        ...record,
        shop: 'gold',
        amount: String(record['amount']),
        at: new Date(String(record['at'])),
      }
    : row % 10 === 7
      ? { ...record, amount: 900, fee: 'NA' }
      : record,
);

let detector: TableDetector;
let throughTable: ScoredRecord[];

beforeAll(async () => {
  detector = await TableDetector.train(memoryTable(known), { steps: 200, members: 2 }, platform);
  const threshold = detector.threshold(0.01);
  throughTable = [];
  for await (const batch of detector.score(memoryTable(fresh))) {
    batch.score.forEach((score, row) =>
      throughTable.push({
        score,
        standardError: batch.standardError[row]!,
        pValue: batch.pValue[row]!,
        isAnomaly: score > threshold,
        reasons: [],
      }),
    );
  }
});
afterAll(() => detector.dispose());

async function* slowly<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const [index, item] of items.entries()) {
    if (index % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    yield item;
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('records', () => {
  it('are what they are as rows of a table', () => {
    expect(detector.manifest.schema.fields.map(({ kind }) => kind)).toEqual([
      'numeric',
      'numeric',
      'count',
      'categorical',
      'binary',
      'cyclic',
      'cyclic',
    ]);
    expect(throughTable.some(({ isAnomaly }) => isAnomaly)).toBe(true);
    expect(throughTable.some(({ isAnomaly }) => !isAnomaly)).toBe(true);
  });

  it('get the bits of a table, one by one', async () => {
    const found: ScoredRecord[] = [];
    for (const record of fresh) found.push(await detector.scoreRecord(record));
    expect(found).toEqual(throughTable);
  });

  it('get them of concurrent calls, which are scored together', async () => {
    expect(await Promise.all(fresh.map((record) => detector.scoreRecord(record)))).toEqual(
      throughTable,
    );
  });

  it.each([
    ['an array', (): DataRecord[] => fresh],
    ['a generator', (): Iterable<DataRecord> => fresh.values()],
    ['an asynchronous generator', (): AsyncGenerator<DataRecord> => slowly(fresh)],
    [
      'a stream',
      (): ReadableStream<DataRecord> => ReadableStream.from(fresh) as ReadableStream<DataRecord>,
    ],
  ])('get them of %s, in order, for any size of batch', async (_, source) => {
    for (const batchRows of [undefined, 1, 7, 1000]) {
      const options = batchRows === undefined ? {} : { batchRows };
      expect(await all(detector.scoreRecords(source(), options))).toEqual(throughTable);
      const batches = await all(detector.scoreRecordBatches(source(), options));
      expect(batches.flatMap(({ score }) => [...score])).toEqual(
        throughTable.map(({ score }) => score),
      );
      let row = 0;
      for (const batch of batches) {
        expect(batch.firstRow).toBe(row);
        row += batch.rows;
      }
    }
  });

  it('get them in the fast form as well', async () => {
    const batches = await all(detector.score(memoryTable(fresh), { fast: true }));
    const found = await all(detector.scoreRecords(fresh, { fast: true }));
    expect(found.map(({ score }) => score)).toEqual(batches.flatMap(({ score }) => [...score]));
  });

  it('are explained as rows of a table', async () => {
    const [explanation] = await detector.explain(memoryTable(fresh), [7]);
    expect(await detector.explainRecord(fresh[7]!)).toEqual({ ...explanation, row: 0 });
    const scored = await detector.scoreRecord(fresh[7]!, { reasons: 2 });
    expect(scored).toEqual({ ...throughTable[7], reasons: explanation!.features.slice(0, 2) });
    expect(scored.reasons).toHaveLength(2);
  });

  it('are anomalies by a rate or by a score', async () => {
    const { score } = throughTable[0]!;
    const isAnomaly = async (options: object): Promise<boolean> =>
      (await detector.scoreRecord(fresh[0]!, options)).isAnomaly;
    expect(await isAnomaly({ threshold: score })).toBe(false);
    expect(await isAnomaly({ threshold: score - 1e-9 })).toBe(true);
    const { pValue } = throughTable[0]!;
    expect(await isAnomaly({ falsePositiveRate: Math.min(0.999, pValue + 1e-9) })).toBe(true);
  });

  it('are refused one by one, with the key or the value at fault', async () => {
    const { shop, ...without } = fresh[0]!;
    expect(shop).toBeTypeOf('string');
    await expect(detector.scoreRecord(without)).rejects.toMatchObject({
      code: 'data/missing-column',
      details: { columns: ['shop'] },
    });
    const bad = { ...fresh[2], items: 'many' };
    const good = detector.scoreRecord(fresh[1]!);
    await expect(detector.scoreRecord(bad)).rejects.toMatchObject({ code: 'data/retyped-column' });
    expect(await good).toEqual(throughTable[1]);
    for (const source of [[fresh[0]!, bad], slowly([fresh[0]!, bad])]) {
      await expect(all(detector.scoreRecords(source))).rejects.toMatchObject({
        code: 'data/retyped-column',
      });
    }
  });

  it('end with the signal, and leave their source with the loop', async () => {
    const signal = AbortSignal.abort();
    await expect(all(detector.scoreRecords(fresh, { signal }))).rejects.toMatchObject({
      code: 'detect/aborted',
    });
    await expect(all(detector.scoreRecords(slowly(fresh), { signal }))).rejects.toMatchObject({
      code: 'detect/aborted',
    });
    let isCancelled = false;
    const endless = new ReadableStream<DataRecord>({
      pull: (controller) => controller.enqueue(fresh[0]!),
      cancel: () => void (isCancelled = true),
    });
    for await (const scored of detector.scoreRecords(endless)) {
      expect(scored).toEqual(throughTable[0]);
      break;
    }
    expect(isCancelled).toBe(true);
  });

  it('are answered as soon as they come, and a source that is faster waits', async () => {
    const runtime = await delayedRuntime(() => 2);
    const bytes = await detector.toBytes();
    await using slow = await TableDetector.fromBytes(bytes, {
      ...platform,
      scoringRuntime: async () => runtime,
    });
    let given = 0;
    let release = (): void => {};
    async function* source(): AsyncGenerator<DataRecord> {
      yield fresh[given++]!;
      // The next comes only when the first is answered.
      await new Promise<void>((resolve) => (release = resolve));
      for (;;) yield fresh[given++ % fresh.length]!;
    }
    let answered = 0;
    for await (const scored of slow.scoreRecords(source())) {
      expect(scored).toEqual(throughTable[answered++ % fresh.length]);
      if (answered === 1) release();
      expect(given - answered).toBeLessThanOrEqual(1025);
      if (answered === 1500) break;
    }
  });
});

describe('what is no record', () => {
  const input = { code: 'detect/input' };
  it.each([null, undefined, 5, 'row', [1, 2]])('is refused in words: %j', async (value) => {
    await expect(detector.scoreRecord(value as never)).rejects.toMatchObject(input);
    await expect(detector.explainRecord(value as never)).rejects.toMatchObject(input);
    await expect(detector.scoreRecords([value] as never).next()).rejects.toMatchObject(input);
  });

  it.each([null, undefined, 5, 'new.csv', known[0]])('is no source of some: %j', async (value) => {
    await expect(detector.scoreRecords(value as never).next()).rejects.toMatchObject(input);
    await expect(detector.scoreRecordBatches(value as never).next()).rejects.toMatchObject(input);
  });

  it.each([{ threshold: NaN }, { threshold: 'high' }, { reasons: -1 }, { reasons: 1.5 }])(
    'and no option: %j',
    async (options) => {
      await expect(detector.scoreRecord(known[0]!, options as never)).rejects.toMatchObject(input);
    },
  );

  it.each([0, -1, NaN, '9'])('and no size of batches: %j', async (batchRows) => {
    const options = { batchRows } as never;
    await expect(detector.scoreRecordBatches(known, options).next()).rejects.toMatchObject(input);
  });

  it('is told of other calls, too', async () => {
    const table = memoryTable(fresh);
    await expect(detector.explain(table, 17 as never)).rejects.toMatchObject(input);
    await expect(detector.evaluate(table, {} as never)).rejects.toMatchObject(input);
    await expect(TableDetector.fromBytes('abc' as never, platform)).rejects.toMatchObject(input);
    const ignored = TableDetector.train(table, { ignore: 'fee' as never }, platform);
    await expect(ignored).rejects.toMatchObject(input);
    const kinds = TableDetector.train(table, { kinds: { fee: 'foo' as never } }, platform);
    await expect(kinds).rejects.toMatchObject({ code: 'data/wrong-option' });
  });
});

describe('an abort', () => {
  it('does not wait for a source that waits', async () => {
    const stop = new AbortController();
    async function* silent(): AsyncGenerator<DataRecord> {
      yield fresh[0]!;
      await new Promise(() => undefined);
    }
    const answers = detector.scoreRecords(silent(), { signal: stop.signal });
    expect((await answers.next()).done).toBe(false);
    const next = answers.next();
    stop.abort(new Error('gone'));
    await expect(next).rejects.toMatchObject({ name: 'AbortError', code: 'detect/aborted' });
  });

  it('ends an explanation', async () => {
    const signal = AbortSignal.abort();
    await expect(detector.explain(memoryTable(fresh), [1], { signal })).rejects.toMatchObject({
      code: 'detect/aborted',
    });
  });
});
