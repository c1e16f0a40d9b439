import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { databaseFailure } from './database-failure.ts';
import { openTable } from './file-table.ts';
import type { Table } from './table.ts';

/**
 * Records as a table. Values are numbers, bigints, booleans, strings, dates; null, undefined and
 * NaN are missing. A key that only some records have is missing in the others.
 */
export async function tableFromRecords(
  records: readonly Readonly<Record<string, unknown>>[],
): Promise<Table> {
  const directory = await mkdtemp(join(tmpdir(), 'unlikely-records-'));
  const path = join(directory, 'records.ndjson');
  try {
    await pipeline(Readable.from(lines(records)), createWriteStream(path));
    return await openTable(path);
  } catch (error) {
    throw databaseFailure(error);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function* lines(records: readonly Readonly<Record<string, unknown>>[]): Generator<string> {
  for (const record of records) {
    const parts = Object.entries(record).map(
      ([name, value]) => `${JSON.stringify(name)}:${valueText(value)}`,
    );
    yield `{${parts.join(',')}}\n`;
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  // JSON has no infinity; text is read as one again.
  if (value === Infinity || value === -Infinity) return `"${value}"`;
  return JSON.stringify(value) ?? 'null';
}
