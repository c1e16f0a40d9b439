import { execFileSync } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTable, openWriter, type Writer, type WriterOptions } from '@unlikely/data';
import { payments, temporaryDirectory, writePayments } from './small-table.ts';

const columns: WriterOptions['columns'] = [
  { name: 'row', type: 'integer' },
  { name: 'score', type: 'double' },
  { name: 'is_anomaly', type: 'boolean' },
  { name: 'why', type: 'text' },
];

async function writeScores(writer: Writer, rows: number, batchRows: number): Promise<void> {
  for (let start = 0; start < rows; start += batchRows) {
    const length = Math.min(batchRows, rows - start);
    const row = Float64Array.from({ length }, (_, index) => start + index);
    await writer.write({
      rows: length,
      columns: {
        row,
        score: row.map((value) => (value === 3 ? NaN : value / 7)),
        is_anomaly: Uint8Array.from(row, (value) => value % 2),
        why: Array.from(row, (value) => `a "quoted", ${value}`),
      },
    });
  }
}

describe('writer', () => {
  for (const format of ['csv', 'csv.gz', 'tsv', 'parquet', 'json', 'ndjson', 'jsonl'] as const) {
    it(`writes ${format} that reads back, beside the kept columns`, async () => {
      await using directory = await temporaryDirectory();
      const source = payments(5000);
      await using table = await openTable(await writePayments(directory.path, 'ndjson', source));
      const path = join(directory.path, `out.${format}`);
      const writer = await openWriter(path, { columns, keep: { table, columns: ['shop', 'id'] } });
      await writeScores(writer, 5000, 777);
      expect(await readdir(directory.path)).not.toContain(`out.${format}`);
      const { bytes } = await writer.close();
      expect((await readFile(path)).length).toBe(bytes);
      expect(await readdir(directory.path)).toHaveLength(2);
      await using written = await openTable(path);
      expect(written.columns.map(({ name }) => name)).toEqual([
        'row',
        'score',
        'is_anomaly',
        'why',
        'shop',
        'id',
      ]);
      expect(await written.rowCount()).toBe(5000);
      for (const row of [0, 3, 2047, 2048, 4999]) {
        const [record] = await written.records([row]);
        expect(String(record!['is_anomaly'])).toBe(String(row % 2 === 1));
        expect(record).toMatchObject({
          row,
          score: row === 3 ? null : row / 7,
          why: `a "quoted", ${row}`,
          shop: source[row]!.shop,
          id: source[row]!.id,
        });
      }
    });
  }

  it('writes the whole of a view in its order', async () => {
    await using directory = await temporaryDirectory();
    const source = payments(300);
    await using table = await openTable(await writePayments(directory.path, 'csv', source));
    const view = table.where({ column: 'shop', in: ['café'] });
    const rows = await view.rowCount();
    const path = join(directory.path, 'out.csv');
    const writer = await openWriter(path, { columns: [], keep: { table: view, columns: ['id'] } });
    await writer.write({ rows, columns: {} });
    await writer.close();
    const ids = source.filter(({ shop }) => shop === 'café').map(({ id }) => id);
    expect(await readFile(path, 'utf8')).toBe(['id', ...ids, ''].join('\n'));
  });

  it.each(['csv', 'parquet'] as const)(
    'writes values over those of a kept column, which stay where there is none: %s',
    async (format) => {
      await using directory = await temporaryDirectory();
      const input = join(directory.path, 'in.csv');
      await writeFile(input, 'id,size,name,at\n1,10,a,2024-01-01\n2,,b,\n3,30,c,2024-01-03\n');
      await using table = await openTable(input);
      const path = join(directory.path, `out.${format}`);
      const writer = await openWriter(path, {
        columns: [
          { name: 'size', type: 'integer', over: true },
          { name: 'name', type: 'text', over: true },
          { name: 'at', type: 'text', over: true },
          { name: 'sure', type: 'boolean' },
        ],
        keep: { table, columns: ['id', 'size', 'name', 'at'], before: 'sure' },
      });
      await writer.write({
        rows: 3,
        columns: {
          size: Float64Array.of(NaN, 20, 31),
          name: [null, 'z', null],
          at: [null, '2024-02-02', null],
          sure: Float64Array.of(1, NaN, 0),
        },
      });
      await writer.close();
      await using written = await openTable(path);
      // CSV has no booleans.
      const [yes, no] = format === 'csv' ? ['true', 'false'] : [true, false];
      expect(await written.records([0, 1, 2])).toEqual([
        { id: 1, size: 10, name: 'a', at: '2024-01-01', sure: yes },
        { id: 2, size: 20, name: 'z', at: '2024-02-02', sure: null },
        { id: 3, size: 31, name: 'c', at: '2024-01-03', sure: no },
      ]);
      const types = Object.fromEntries(table.columns.map((each) => [each.name, each.storageType]));
      for (const { name, storageType } of written.columns) {
        if (name !== 'sure') expect([name, storageType]).toEqual([name, types[name]]);
      }
    },
  );

  it('sends CSV to standard output', async () => {
    const parts: Buffer[] = [];
    const standardOutput = new Writable({
      write(part: Buffer, _encoding, done): void {
        parts.push(part);
        done();
      },
    });
    const writer = await openWriter('-', {
      columns: [{ name: 's', type: 'double' }],
      standardOutput,
    });
    await writer.write({ rows: 2, columns: { s: new Float64Array([0.5, 2]) } });
    await writer.close();
    expect(Buffer.concat(parts).toString()).toBe('s\n0.5\n2.0\n');
  });

  it('leaves nothing behind when it is aborted, and what was there when it fails', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'out.csv');
    await writeFile(path, 'old');
    const aborted = await openWriter(path, { columns });
    await writeScores(aborted, 10, 4);
    await aborted.abort();
    await aborted.abort();
    expect(await readdir(directory.path)).toEqual(['out.csv']);
    await using table = await openTable(await writePayments(directory.path, 'csv', payments(20)));
    const short = await openWriter(path, { columns, keep: { table, columns: ['id'] } });
    await writeScores(short, 19, 4);
    await expect(short.close()).rejects.toMatchObject({ code: 'data/row-mismatch' });
    expect((await readdir(directory.path)).toSorted()).toEqual(['out.csv', 'payments.csv']);
    expect(await readFile(path, 'utf8')).toBe('old');
    await expect(short.close()).rejects.toMatchObject({ code: 'data/closed' });
  });

  it('refuses what cannot be written before any work is done', async () => {
    await using directory = await temporaryDirectory();
    const { path } = directory;
    await using table = await openTable(await writePayments(path, 'csv', payments(20)));
    const code = (output: string, options: Partial<WriterOptions> = {}): Promise<unknown> =>
      openWriter(output, { columns, ...options }).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      );
    expect(await code(join(path, 'no', 'out.csv'))).toBe('data/not-writable');
    await mkdir(join(path, 'folder.csv'));
    expect(await code(join(path, 'folder.csv'))).toBe('data/not-writable');
    expect(await code(join(path, 'out.doc'))).toBe('data/unknown-format');
    expect(await code(join(path, 'out.csv'), { columns: [...columns, columns[0]!] })).toBe(
      'data/duplicate-column',
    );
    expect(await code(join(path, 'out.csv'), { keep: { table, columns: ['none'] } })).toBe(
      'data/missing-column',
    );
    expect((await readdir(path)).toSorted()).toEqual(['folder.csv', 'payments.csv']);
    const writer = await openWriter(join(path, 'out.csv'), {
      columns: [{ name: 's', type: 'double' }],
    });
    await expect(writer.write({ rows: 1, columns: {} })).rejects.toMatchObject({
      code: 'data/row-mismatch',
    });
    await writer.abort();
  });

  const disk = smallDisk();
  it.skipIf(disk === undefined)(
    'says that the disk is full, and leaves no half file (needs root on Linux)',
    async () => {
      try {
        const path = join(disk!, 'out.csv');
        const writer = await openWriter(path, { columns });
        await writeScores(writer, 100_000, 4096);
        await expect(writer.close()).rejects.toMatchObject({ code: 'data/disk-full' });
        expect(await readdir(disk!)).toEqual([]);
      } finally {
        execFileSync('umount', [disk!]);
      }
    },
  );

  it('compresses by the name', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'out.csv.gz');
    const writer = await openWriter(path, { columns: [{ name: 's', type: 'integer' }] });
    await writer.write({ rows: 1, columns: { s: new Float64Array([4]) } });
    await writer.close();
    expect(gunzipSync(await readFile(path)).toString()).toBe('s\n4\n');
  });
});

/** Mounts a file system of 256 kB, where that is allowed. */
function smallDisk(): string | undefined {
  try {
    const path = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}
