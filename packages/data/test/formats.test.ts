import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTable, tableFromRecords } from '@unlikely/data';
import { collect, describeTable } from './contract/describe-table.ts';
import { csvText, payments, temporaryDirectory, writePayments } from './small-table.ts';

const rows = payments(300);
const formats = ['csv', 'csv.gz', 'semicolon.csv', 'tsv', 'json', 'ndjson', 'parquet'] as const;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const paths = new Map<string, string>();

beforeAll(async () => {
  directory = await temporaryDirectory();
  for (const format of formats) {
    paths.set(format, await writePayments(directory.path, format, rows));
  }
});
afterAll(() => directory[Symbol.asyncDispose]());

for (const format of formats) describeTable(format, () => openTable(paths.get(format)!));
describeTable('records', () => tableFromRecords(rows as unknown as Record<string, unknown>[]));
describeTable('a view', async () => {
  const table = await openTable(paths.get('parquet')!);
  const view = table.where({ column: 'shop', in: ['café', 'fish'] });
  // The view owns nothing, so the test disposes the table through it.
  view[Symbol.asyncDispose] = () => table[Symbol.asyncDispose]();
  return view;
});

describe('formats', () => {
  it('agree on the fields, their statistics and the encoded rows', async () => {
    await using reference = await openTable(paths.get('csv')!);
    const schema = await reference.inferSchema();
    const encoded = await collect(reference.batches(schema));
    expect(schema.columns.map(({ kind }) => kind)).toEqual([
      'ignored',
      'numeric',
      'count',
      'binary',
      'categorical',
      'timestamp',
    ]);
    expect(schema.fields.map(({ name }) => name)).toEqual([
      'amount',
      'items',
      'fraud',
      'shop',
      'at (hour)',
      'at (weekday)',
    ]);
    expect(encoded.length).toBe(300 * 6);
    for (const format of formats) {
      await using table = await openTable(paths.get(format)!);
      expect((await table.inferSchema()).fields, format).toEqual(schema.fields);
      expect(await collect(table.batches(schema)), format).toEqual(encoded);
    }
  });

  it('encode what the source holds', async () => {
    await using table = await openTable(paths.get('csv')!);
    const schema = await table.inferSchema();
    const encoded = await collect(table.batches(schema));
    const shop = schema.fields.find(({ name }) => name === 'shop')!;
    const categories = shop.kind === 'categorical' ? shop.categories : [];
    expect(categories.toSorted()).toEqual(['book "n" co', 'café', 'fish', 'tea, etc.']);
    const fraud = schema.fields.find(({ name }) => name === 'fraud')!;
    expect(fraud).toMatchObject({ kind: 'binary', categories: ['0', '1'] });
    rows.forEach((row, index) => {
      const date = new Date(`${row.at.replace(' ', 'T')}Z`);
      expect([...encoded.subarray(index * 6, index * 6 + 6)]).toEqual([
        row.amount ?? NaN,
        row.items,
        row.fraud,
        row.shop === null ? NaN : categories.indexOf(row.shop),
        date.getUTCHours(),
        (date.getUTCDay() + 6) % 7,
      ]);
    });
  });

  it('count statistics as JavaScript does', async () => {
    await using table = await openTable(paths.get('csv')!);
    const { fields } = await table.inferSchema();
    const amounts = rows.map(({ amount }) => amount).filter((amount) => amount !== null);
    const mean = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
    const variance = amounts.reduce((sum, x) => sum + (x - mean) ** 2, 0) / amounts.length;
    const amount = fields[0]!;
    if (amount.kind !== 'numeric') throw new Error('amount is numeric');
    expect(amount.mean).toBeCloseTo(mean, 10);
    expect(amount.deviation).toBeCloseTo(Math.sqrt(variance), 10);
    expect(amount.minimum).toBe(Math.min(...amounts));
    expect(amount.quantiles.at(-1)).toBe(Math.max(...amounts));
    expect(amount.missing).toBe(24 / 300);
    const sorted = amounts.toSorted((a, b) => a - b);
    const middle = sorted.length / 2;
    expect(amount.quantiles[5]).toBeCloseTo((sorted[middle - 1]! + sorted[middle]!) / 2, 10);
    expect(amount.quantiles).toEqual(amount.quantiles.toSorted((a, b) => a - b));
  });

  it('give the rows whose number stands in a relation to another, and none without a number', async () => {
    await using table = await tableFromRecords(
      [-1, 0, 1.5, 2, null, NaN].map((a) => ({ a, b: a === null ? 'x' : String(a) })),
    );
    const count = (column: string, operator: '<' | '<=' | '>' | '>=', value: number) =>
      table.where({ column, compare: { operator, value } }).rowCount();
    for (const column of ['a', 'b']) {
      expect(await count(column, '<', 1.5)).toBe(2);
      expect(await count(column, '<=', 1.5)).toBe(3);
      expect(await count(column, '>', 1.5)).toBe(1);
      expect(await count(column, '>=', 1.5)).toBe(2);
    }
  });

  it('are told by the content where the name says nothing, and read from standard input', async () => {
    await using reference = await openTable(paths.get('csv')!);
    const schema = await reference.inferSchema();
    for (const format of ['csv', 'tsv', 'json', 'ndjson', 'parquet'] as const) {
      const standardInput = createReadStream(paths.get(format)!);
      await using table = await openTable('-', { standardInput });
      expect((await table.inferSchema()).fields, format).toEqual(schema.fields);
    }
    const standardInput = createReadStream(paths.get('csv.gz')!);
    await using table = await openTable('-', { standardInput, format: 'csv' });
    expect(await table.rowCount()).toBe(300);
  });

  it('are read from globs and lists in the order of the names', async () => {
    const folder = join(directory.path, 'parts [x]');
    await mkdir(folder);
    await writeFile(join(folder, 'b.csv'), 'x\n3\n4\n');
    await writeFile(join(folder, 'a.csv'), 'x\n1\n2\n');
    const brackets = join(directory.path, 'parts [[]x]', '*.csv');
    await using globbed = await openTable(brackets);
    expect(await globbed.records([0, 1, 2, 3])).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]);
    await using listed = await openTable([join(folder, 'b.csv'), join(folder, 'a.csv')]);
    expect(await listed.records([0, 3])).toEqual([{ x: 3 }, { x: 2 }]);
  });

  it('give the stored values back', async () => {
    for (const format of formats) {
      await using table = await openTable(paths.get(format)!);
      const [later, earlier] = await table.records([13, 2], ['id', 'amount', 'shop']);
      expect(later).toEqual({ id: 1013, amount: null, shop: rows[13]!.shop });
      expect(earlier).toEqual({ id: 1002, amount: rows[2]!.amount, shop: rows[2]!.shop });
      await expect(table.records([300])).rejects.toMatchObject({ code: 'data/row-out-of-range' });
    }
  });

  it('have text rows whose label is the value', async () => {
    await using table = await openTable(paths.get('parquet')!);
    const schema = await table.inferSchema({ ignore: ['fraud'] });
    const labels: (string | null)[] = [];
    for await (const batch of table.batches(schema, { labels: 'fraud', batchRows: 50 })) {
      labels.push(...batch.labels!);
    }
    expect(labels).toEqual(rows.map(({ fraud }) => String(fraud)));
    const sample = await table.sample(schema, 40, 1, { labels: 'shop' });
    expect(sample.labels).toEqual([...sample.rowNumbers].map((row) => rows[row]!.shop));
  });

  it('cut lines of CSV in any of the usual ways', async () => {
    const file = join(directory.path, 'ways.csv');
    const open = async (text: string): Promise<readonly Record<string, unknown>[]> => {
      await writeFile(file, text);
      await using table = await openTable(file);
      return await table.records([0, 1]);
    };
    const expected = [
      { a: 1, b: 'x' },
      { a: 2, b: 'y, z' },
    ];
    expect(await open('a,b\r\n1,x\r\n2,"y, z"\r\n')).toEqual(expected);
    expect(await open('\ufeffa,b\n1,x\n2,"y, z"')).toEqual(expected);
    expect(await open('a|b\n1|x\n2|y, z\n')).toEqual(expected);
    expect(await open('a;b\n1;x\n2;"y, z"\n')).toEqual(expected);
    expect(await open('only\n1\n2\n')).toEqual([{ only: 1 }, { only: 2 }]);
    expect(await open('only\n1\n\n3\n')).toEqual([{ only: 1 }, { only: null }]);
    expect(await open('a,b\n1,"x\ny"\n2,NA\n')).toEqual([
      { a: 1, b: 'x\ny' },
      { a: 2, b: null },
    ]);
    expect(await open('A,a,\n1,2,3\n4,5,6\n')).toEqual([
      { A: 1, a: 2, column_3: 3 },
      { A: 4, a: 5, column_3: 6 },
    ]);
  });

  it('obey the options for CSV', async () => {
    const file = join(directory.path, 'options.csv');
    await writeFile(file, Buffer.from('1;caf\u00e9\n2;-\n', 'latin1'));
    const options = {
      header: false,
      delimiter: ';',
      encoding: 'latin-1',
      missingValues: ['-'],
    } as const;
    await using table = await openTable(file, options);
    expect(await table.records([0, 1])).toEqual([
      { column_1: 1, column_2: 'café' },
      { column_1: 2, column_2: null },
    ]);
  });

  it('keep codes with leading zeros and long identifiers as text', async () => {
    const file = join(directory.path, 'codes.csv');
    await writeFile(
      file,
      csvText([
        { zip: '01234', long: '9007199254740993', f: '0.5' },
        { zip: '99999', long: '1', f: '1' },
      ]),
    );
    await using table = await openTable(file);
    expect(table.columns.map(({ storageType }) => storageType)).toEqual([
      'VARCHAR',
      'VARCHAR',
      'DOUBLE',
    ]);
    expect(await table.records([0])).toEqual([{ zip: '01234', long: '9007199254740993', f: 0.5 }]);
  });
});
