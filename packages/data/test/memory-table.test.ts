import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTable, tableFromRecords } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import { memoryTable, memoryTableFromCsv } from '@unlikely/data/memory';
import { collect, describeTable } from './contract/describe-table.ts';
import { csvText, payments } from './small-table.ts';

const rows = payments(300);
const records = rows as unknown as Record<string, unknown>[];

describeTable('a table in memory', async () => memoryTable(records));
describeTable('a view of it', async () =>
  memoryTable(records).where({ column: 'shop', in: ['café', 'fish'] }),
);
describeTable('CSV text', async () => memoryTableFromCsv(csvText(rows, ';')));

/** Columns of one type as inference tells them apart: few and many values, rising, whole, times, codes. */
const cells: readonly fc.Arbitrary<unknown>[] = [
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: -1000, max: 1000 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double(),
  fc.constant(7),
  fc.boolean(),
  fc.constantFrom('tea', 'fish', 'coal'),
  fc.constantFrom('1', '2.50', '-3', ' 4 '),
  fc.constantFrom('01', '02', '10'),
  fc.string({ maxLength: 3 }).filter((text) => !text.includes('\0')),
  fc
    .integer({ min: 0, max: 1200 * 24 })
    .map((hours) => new Date(Date.UTC(2021, 0, 1) + hours * 3_600_000).toISOString()),
  fc
    .integer({ min: 0, max: 900 })
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
  fc.constantFrom(1, 'one', true, null),
  fc.constantFrom('12', '13', '14', '15', '16', '17', '18', '19', '20', 'much'),
  fc.constant(null),
];

/** Whole columns, of which some are sorted. */
const table = fc
  .tuple(
    fc.integer({ min: 1, max: 120 }),
    fc.array(fc.nat(cells.length - 1), { minLength: 1, maxLength: 5 }),
  )
  .chain(([count, kinds]) =>
    fc.tuple(
      ...kinds.map((kind) =>
        fc
          .tuple(
            fc.array(fc.option(cells[kind]!, { freq: 12 }), { minLength: count, maxLength: count }),
            fc.boolean(),
          )
          .map(([values, isSorted]) =>
            isSorted ? values.toSorted((a, b) => Number(a) - Number(b)) : values,
          ),
      ),
    ),
  )
  .map((columns) =>
    columns[0]!.map((_, row) =>
      Object.fromEntries(columns.map((values, index) => [`c${index}`, values[row]])),
    ),
  );

async function everything(of: Table): Promise<unknown> {
  const schema = await of.inferSchema();
  return {
    columns: of.columns,
    schema,
    encoded: await collect(of.batches(schema)),
    values: await Promise.all(of.columns.map(({ name }) => of.values(name, 7))),
  };
}

describe('a table in memory', () => {
  it('says of records what a file with them says, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (own) => {
        await using file = await tableFromRecords(own);
        expect(await everything(memoryTable(own))).toEqual(await everything(file));
      }),
      { numRuns: 40, seed: 3 },
    );
  }, 300_000);

  it('says of CSV text what a file of it says, to the bit', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'unlikely-test-'));
    const path = join(directory, 'table.csv');
    const text = fc
      .constantFrom(',', ';', '\t')
      .chain((delimiter) => table.map((own) => csvText(own, delimiter)));
    await fc.assert(
      fc.asyncProperty(text, async (own) => {
        await writeFile(path, own);
        await using file = await openTable(path);
        expect(await everything(memoryTableFromCsv(own))).toEqual(await everything(file));
      }),
      { numRuns: 25, seed: 4 },
    );
    await rm(directory, { recursive: true });
  }, 300_000);

  it('refuses text that is no table', () => {
    expect(() => memoryTableFromCsv('a,b\n1,2\n3\n')).toThrow(
      expect.objectContaining({ code: 'data/ragged', details: { row: 1 } }),
    );
    expect(() => memoryTableFromCsv('a,a\n1,2\n')).toThrow(
      expect.objectContaining({ code: 'data/duplicate-column' }),
    );
    expect(() => memoryTableFromCsv('a,b\n')).toThrow(
      expect.objectContaining({ code: 'data/empty' }),
    );
    expect(() => memoryTable([])).toThrow(expect.objectContaining({ code: 'data/empty' }));
  });
});
