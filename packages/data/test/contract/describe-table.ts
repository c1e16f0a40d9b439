import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, Schema, Table } from '@unlikely/data';
import { spreadBlocks } from '../../src/sample/spread-blocks.ts';

/** The laws that a table keeps, whatever file it comes from. It has at least 20 rows. */
export function describeTable(name: string, open: () => Promise<Table>): void {
  describe(`${name} keeps the laws of a table`, () => {
    it('gives the same rows whatever the batch size', async () => {
      await using table = await open();
      const schema = await table.inferSchema();
      const whole = await collect(table.batches(schema, { batchRows: 100_000 }));
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (batchRows) => {
          const batches = await gather(table.batches(schema, { batchRows }));
          expect(concat(batches)).toEqual(whole);
          expect(batches.slice(0, -1).every(({ rows }) => rows === batchRows)).toBe(true);
          let row = 0;
          for (const batch of batches) {
            expect(batch.firstRow).toBe(row);
            row += batch.rows;
          }
          expect(row).toBe(await table.rowCount());
        }),
        { numRuns: 8, seed: 1 },
      );
    });

    it('infers the same schema twice, to the bit', async () => {
      await using table = await open();
      await using again = await open();
      expect(await again.inferSchema()).toEqual(await table.inferSchema());
    });

    it('splits into blocks and the rest, in order, and again within a view', async () => {
      await using table = await open();
      const schema = await table.inferSchema();
      const all = rowsOf(await collect(table.batches(schema)), schema);
      for (const share of [0.01, 0.2, 0.5, 0.9]) {
        const { training, test } = await table.split(share);
        const blocks = spreadBlocks(all.length, share);
        const isTest = (row: number): boolean =>
          blocks.some(({ start, end }) => row >= start && row < end);
        const parts = { training, test };
        for (const part of ['training', 'test'] as const) {
          const expected = all.filter((_, row) => isTest(row) === (part === 'test'));
          expect(await parts[part].rowCount()).toBe(expected.length);
          expect(rowsOf(await collect(parts[part].batches(schema)), schema)).toEqual(expected);
        }
      }
      const { training } = await table.split(0.5);
      const within = await training.split(0.5);
      const [kept, again] = [
        spreadBlocks(all.length, 0.5),
        spreadBlocks(await training.rowCount(), 0.5),
      ];
      const isIn = (row: number, blocks: typeof kept): boolean =>
        blocks.some(({ start, end }) => row >= start && row < end);
      const expected = all
        .filter((_, row) => !isIn(row, kept))
        .filter((_, row) => isIn(row, again));
      expect(rowsOf(await collect(within.test.batches(schema)), schema)).toEqual(expected);
    });

    it('shares out the rows that a filter keeps, and gives all others to the test', async () => {
      await using table = await open();
      const [column] = (await table.inferSchema()).columns;
      const every = (await table.records([...Array(await table.rowCount()).keys()])).map(
        (record) => record[column!.name],
      );
      const kept = every.filter((_, row) => row < 15 || row % 7 === 0).map(String);
      const filter = { column: column!.name, in: kept };
      const { training, test } = await table.split(0.4, filter);
      const all = await table.where(filter).rowCount();
      expect(await test.where(filter).rowCount()).toBe(Math.round(0.4 * all));
      expect(await training.rowCount()).toBe(all - Math.round(0.4 * all));
      expect(await training.where(filter).rowCount()).toBe(await training.rowCount());
    });

    it('samples rows that are in the table, by their numbers, in order', async () => {
      await using table = await open();
      const schema = await table.inferSchema();
      const all = rowsOf(await collect(table.batches(schema)), schema);
      const sample = await table.sample(schema, 11, 3);
      expect(sample.rows).toBe(11);
      expect([...sample.rowNumbers]).toEqual([...new Set(sample.rowNumbers)].sort((a, b) => a - b));
      const expected = [...sample.rowNumbers].map((row) => all[row]);
      expect(rowsOf(sample.data, schema)).toEqual(expected);
      expect(await table.sample(schema, 11, 3)).toEqual(sample);
      expect((await table.sample(schema, 11, 4)).rowNumbers).not.toEqual(sample.rowNumbers);
      expect((await table.sample(schema, 10_000, 3)).rows).toBe(all.length);
    });

    it('counts the rows of a view and of its complement', async () => {
      await using table = await open();
      for (const { name: column } of table.columns.slice(0, 3)) {
        const some = (await table.values(column)).filter(({ value }) => value !== null).slice(0, 2);
        const filter = some.map(({ value }) => value!);
        const inside = await table.where({ column, in: filter }).rowCount();
        const outside = await table.where({ column, notIn: filter }).rowCount();
        expect(inside).toBe(some.reduce((sum, { count }) => sum + count, 0));
        expect(inside + outside).toBe(await table.rowCount());
      }
    });

    it('stops when the signal is aborted', async () => {
      await using table = await open();
      const schema = await table.inferSchema();
      const controller = new AbortController();
      const { signal } = controller;
      await expect(async () => {
        for await (const batch of table.batches(schema, { batchRows: 2, signal })) {
          expect(batch.rows).toBe(2);
          controller.abort();
        }
      }).rejects.toThrow(/abort/i);
      // The table is still usable.
      expect(await table.rowCount()).toBeGreaterThan(0);
    });
  });
}

export async function gather(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

export async function collect(batches: AsyncIterable<Batch>): Promise<Float64Array> {
  return concat(await gather(batches));
}

function concat(batches: readonly Batch[]): Float64Array {
  return Float64Array.from(batches.flatMap(({ data }) => [...data]));
}

/** Each row as one text, so that rows can be compared and sorted. */
export function rowsOf(data: Float64Array, schema: Schema): string[] {
  const width = schema.fields.length;
  return Array.from({ length: data.length / width }, (_, row) =>
    data.subarray(row * width, (row + 1) * width).join(' '),
  );
}
