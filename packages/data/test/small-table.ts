import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openWriter, tableFromRecords, type TableFormat } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';

/** A directory that goes with the scope. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'unlikely-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface Payment {
  readonly id: number;
  readonly amount: number | null;
  readonly items: number;
  readonly fraud: number;
  readonly shop: string | null;
  readonly at: string;
}

/** Payments over 60 days with every kind of column and some missing values; seed 5. */
export function payments(rows: number): Payment[] {
  const stream = new RandomStream(5, 'payments');
  return Array.from({ length: rows }, (_, row) => ({
    id: 1000 + row,
    amount: row % 13 === 0 ? null : Math.round(stream.normal() * 1000 + 500) / 100,
    items: stream.integer(9),
    fraud: stream.uniform() < 0.2 ? 1 : 0,
    shop: row % 17 === 0 ? null : ['book "n" co', 'tea, etc.', 'café', 'fish'][stream.integer(4)]!,
    at: new Date(Date.UTC(2024, 0, 1) + row * ((60 * 86_400_000) / rows))
      .toISOString()
      .slice(0, 19)
      .replace('T', ' '),
  }));
}

export function csvText(rows: readonly object[], delimiter = ','): string {
  const cell = (value: unknown): string => {
    const text = value === null ? '' : String(value);
    return /["\n]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  };
  const lines = [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))];
  return lines.map((line) => `${line.map(cell).join(delimiter)}\n`).join('');
}

/** Writes the payments in a format and returns the path. */
export async function writePayments(
  directory: string,
  format: TableFormat | 'csv.gz' | 'semicolon.csv',
  rows: readonly Payment[],
): Promise<string> {
  const path = join(directory, `payments.${format}`);
  switch (format) {
    case 'csv':
      await writeFile(path, csvText(rows));
      break;
    case 'csv.gz':
      await writeFile(path, gzipSync(csvText(rows)));
      break;
    case 'semicolon.csv':
      await writeFile(path, csvText(rows, ';'));
      break;
    case 'tsv':
      await writeFile(path, csvText(rows, '\t'));
      break;
    case 'json':
      await writeFile(path, JSON.stringify(rows));
      break;
    case 'ndjson':
      await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      break;
    case 'parquet': {
      await using table = await tableFromRecords(rows as unknown as Record<string, unknown>[]);
      const keep = { table, columns: table.columns.map(({ name }) => name) };
      const writer = await openWriter(path, { columns: [], keep });
      await writer.write({ rows: rows.length, columns: {} });
      await writer.close();
      break;
    }
    default:
      format satisfies never;
  }
  return path;
}
