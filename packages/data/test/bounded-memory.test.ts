import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTable } from '@unlikely/data';
import { Database } from '../src/duckdb/duckdb.ts';
import { literal } from '../src/duckdb/sql.ts';
import { temporaryDirectory } from './small-table.ts';

const rows = 1_000_000;
const columns = 20;
/** The encoded table, 160 MB, is more than any of these tests may hold. */
const allowedBytes = 110 * 1024 * 1024;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  path = join(directory.path, 'large.parquet');
  const values = Array.from(
    { length: columns - 1 },
    (_, column) => `(i * ${column + 3} % 1009) / 8 AS f${column}`,
  );
  const database = await Database.open();
  const query = `SELECT i // 1 * 2.5 AS id, ${values.join(', ')} FROM range(${rows}) AS numbers(i)`;
  await database.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`);
  await database.close();
});
afterAll(() => directory[Symbol.asyncDispose]());

describe('a table of a million rows', () => {
  it('is inferred, sampled and read within bounded memory', async () => {
    await using table = await openTable(path);
    const schema = await table.inferSchema();
    expect(schema.fields.length).toBe(columns);
    expect(schema.fields[0]).toMatchObject({ mean: 1249998.75, minimum: 0, maximum: 2_499_997.5 });

    const sample = await table.sample(schema, 20_000, 11);
    // Uniform: the numbers of the chosen rows spread as evenly as chance lets them (5 deviations).
    const mean = sample.rowNumbers.reduce((sum, row) => sum + row, 0) / sample.rows;
    expect(Math.abs(mean - rows / 2)).toBeLessThan((5 * rows) / Math.sqrt(12 * 20_000));
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const row of sample.rowNumbers) tenths[Math.floor((row / rows) * 10)]!++;
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(1800));
    sample.rowNumbers.forEach((row, index) => {
      if (sample.data[index * columns] !== row * 2.5) throw new Error(`row ${row} holds another`);
    });

    let seen = 0;
    let peak = 0;
    for await (const batch of table.batches(schema)) {
      seen += batch.rows;
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }
    expect(seen).toBe(rows);
    expect(peak).toBeLessThan(allowedBytes);
  });
});
