import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { databaseFailure } from '../../database-failure.ts';
import { openTable } from './file-table.ts';
import type { Table } from '../table.ts';
import {
  createTemporaryDirectory,
  removeTemporaryDirectory,
} from '../../files/temporary-directory.ts';

/**
 * Records as a table. Values are numbers, bigints, booleans, strings, dates; null, undefined and
 * NaN are missing. A key that only some records have is missing in the others.
 */
export async function tableFromRecords(
  records: readonly Readonly<Record<string, unknown>>[],
): Promise<Table> {
  const directory = createTemporaryDirectory();
  const path = join(directory, 'records.ndjson');
  try {
    await pipeline(Readable.from(lines(records)), createWriteStream(path));
    return await openTable(path);
  } catch (error) {
    throw databaseFailure(error);
  } finally {
    await removeTemporaryDirectory(directory);
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
  // JSON has no infinity, but numbers that are read as one.
  if (value === Infinity || value === -Infinity) return value < 0 ? '-1e999' : '1e999';
  return JSON.stringify(value) ?? 'null';
}
