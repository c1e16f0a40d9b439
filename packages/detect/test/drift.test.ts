import type { Batch } from '@unlikely/data';
import { memoryTable } from '@unlikely/data/memory';
import type { DataRecord } from '@unlikely/data/memory';
import { RandomStream } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureDrift } from '@unlikely/detect';
import type { Drift } from '@unlikely/detect';

const colours = ['red', 'green', 'blue'];
function records(
  count: number,
  seed: number,
  edit: (record: DataRecord, row: number) => DataRecord,
): DataRecord[] {
  const stream = new RandomStream(seed, 'drift');
  return Array.from({ length: count }, (_, row) =>
    edit(
      {
        size: 10 + stream.uniform() * 5,
        zeros: stream.uniform() < 0.8 ? 0 : stream.integer(50),
        colour: colours[stream.integer(3)]!,
      },
      row,
    ),
  );
}

const training = memoryTable(records(4000, 1, (record) => record));
const schema = await training.inferSchema();
async function driftOf(
  edit: (record: DataRecord, row: number) => DataRecord,
  count = 1000,
): Promise<Drift> {
  return measureDrift(schema, memoryTable(records(count, 2, edit)).batches(schema));
}
const moved = ({ fields }: Drift): string[] =>
  fields.filter(({ hasMoved }) => hasMoved).map(({ field }) => field);

describe('drift', () => {
  it('is none among rows like those of the training, columns that are mostly one value included', async () => {
    const drift = await driftOf((record) => record);
    expect(drift.rows).toBe(1000);
    expect(moved(drift)).toEqual([]);
    for (const { shift, news } of drift.fields) {
      expect(shift).toBeLessThan(0.1);
      expect(news).toBeLessThan(0.005);
    }
  });

  it.each([
    ['size', (record: DataRecord) => ({ ...record, size: Number(record['size']) + 2 })],
    ['zeros', (record: DataRecord) => ({ ...record, zeros: Number(record['zeros']) + 1 })],
    [
      'colour',
      (record: DataRecord, row: number) => (row % 2 ? { ...record, colour: 'red' } : record),
    ],
  ])('names %s where its values shift', async (name, edit) => {
    const drift = await driftOf(edit);
    expect(moved(drift)).toEqual([name]);
    expect(drift.fields[0]).toMatchObject({ field: name, hasMoved: true });
    expect(drift.fields[0]!.shift).toBeGreaterThan(0.2);
  });

  it('counts what training never saw, and what is missing', async () => {
    const foreign = await driftOf((record, row) =>
      row % 10 ? record : { ...record, size: 99, colour: row % 20 ? 'pink' : null },
    );
    expect(moved(foreign).toSorted()).toEqual(['colour', 'size']);
    const named = Object.fromEntries(foreign.fields.map((field) => [field.field, field]));
    expect(named['size']!.news).toBeCloseTo(0.1);
    expect(named['colour']!.news).toBeCloseTo(0.05);
    expect(named['colour']!.missing).toBeCloseTo(0.05);
  });

  it('does not depend on order or batches', async () => {
    const rows = records(300, 3, (record) => record);
    const whole = await measureDrift(schema, memoryTable(rows).batches(schema));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (batchRows) => {
        const table = memoryTable(rows.toReversed());
        expect(await measureDrift(schema, table.batches(schema, { batchRows }))).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('of no rows is none', async () => {
    async function* none(): AsyncGenerator<Batch> {}
    const drift = await measureDrift(schema, none());
    expect(drift).toMatchObject({ rows: 0 });
    expect(moved(drift)).toEqual([]);
  });
});
