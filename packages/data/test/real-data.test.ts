import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openTable, type Schema } from '@unlikely/data';

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const present = existsSync(folder);
const path = (name: string): string => folder + name;

describe.skipIf(!present)('real data (skipped where ../shared/data is absent)', () => {
  it('reads the network connections of KDD', async () => {
    await using train = await openTable(path('tabular/kddcup99_10_percent_train.parquet'));
    const normal = train.where({ column: 'attack', in: ['normal'] });
    expect(await normal.rowCount()).toBe(97_278);
    const schema = await normal.inferSchema({ ignore: ['attack'] });
    expect(schema.fields.length).toBe(41);
    expect(kindsOf(schema)).toEqual({
      categorical: 3,
      count: 15,
      numeric: 18,
      binary: 5,
      ignored: 1,
    });
    const protocol = schema.fields.find(({ name }) => name === 'protocol_type')!;
    expect(protocol).toMatchObject({ categories: ['tcp', 'udp', 'icmp'] });

    await using test = await openTable(path('tabular/kddcup99_corrected_test.parquet'));
    expect(await test.match(schema)).toEqual({ extra: [] });
    const unseen = new Map<string, number>();
    let rows = 0;
    let attacks = 0;
    for await (const batch of test.batches(schema, { labels: 'attack' })) {
      rows += batch.rows;
      attacks += batch.labels!.filter((label) => label !== 'normal').length;
      batch.unseen.forEach((count, field) => {
        const { name } = schema.fields[field]!;
        unseen.set(name, (unseen.get(name) ?? 0) + count);
      });
      expect(batch.data.some(Number.isNaN)).toBe(false);
    }
    expect([rows, attacks]).toEqual([311_029, 250_436]);
    // Services that no normal connection of the training table used.
    expect(unseen.get('service')).toBeGreaterThan(500);
    expect(unseen.get('protocol_type')).toBe(0);
  });

  it('reads card payments from CSV', async () => {
    await using table = await openTable(path('tabular/creditcard_sample.csv'));
    expect(await table.rowCount()).toBe(1722);
    expect(await table.values('Class')).toEqual([
      { value: '0', count: 1230 },
      { value: '1', count: 492 },
    ]);
    const schema = await table.inferSchema({ ignore: ['Class'] });
    expect(kindsOf(schema)).toEqual({ numeric: 29, count: 1, ignored: 1 });
    const [first] = await table.records([0], ['Time', 'V1', 'Class']);
    expect(first).toEqual({ Time: 73479, V1: -3.71667065648705, Class: 0 });
  });

  it('reads a series with timestamps', async () => {
    await using table = await openTable(path('timeseries/NAB/data/**/*.csv'));
    expect(await table.rowCount()).toBe(365_558);
    const schema = await table.inferSchema();
    expect(schema.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['timestamp', 'timestamp'],
      ['value', 'numeric'],
    ]);
  });
});

function kindsOf(schema: Schema): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of schema.columns) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
