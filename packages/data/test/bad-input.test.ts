import { chmod, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  dataErrorCodes,
  openTable,
  tableFromRecords,
  type DataErrorCode,
  type TableOptions,
} from '@unlikely/data';
import { UnlikelyError } from '@unlikely/graph';
import { payments, temporaryDirectory, writePayments } from './small-table.ts';

interface BadInput {
  readonly name: string;
  readonly file: string;
  readonly content: string | Buffer;
  readonly code: DataErrorCode;
  /** What the message must say. */
  readonly says: RegExp;
  readonly options?: TableOptions;
}

const badInputs: readonly BadInput[] = [
  {
    name: 'an empty file',
    file: 'a.csv',
    content: '',
    code: 'data/empty',
    says: /a\.csv is empty/,
  },
  { name: 'blank lines', file: 'a.csv', content: '\n\n', code: 'data/empty', says: /a\.csv/ },
  {
    name: 'a header only',
    file: 'a.csv',
    content: 'a,b\n',
    code: 'data/empty',
    says: /holds none/,
  },
  {
    name: 'an empty JSON array',
    file: 'a.json',
    content: '[]',
    code: 'data/empty',
    says: /a\.json/,
  },
  {
    name: 'a short line',
    file: 'a.csv',
    content: 'a,b\n1,2\n3\n',
    code: 'data/ragged',
    says: /expected 2 values.*line 3 holds 1/,
  },
  {
    name: 'a long line',
    file: 'a.csv',
    content: 'a,b\n1,2\n3,4\n5,6,7\n',
    code: 'data/ragged',
    says: /line 4 holds 3/,
  },
  {
    name: 'a ragged TSV',
    file: 'a.tsv',
    content: 'a\tb\n1\n',
    code: 'data/ragged',
    says: /line 2 holds 1/,
  },
  {
    name: 'an open quote',
    file: 'a.csv',
    content: 'a,b\n1,"x\n2,y\n',
    code: 'data/malformed',
    says: /closing double quote.*line 2/,
  },
  {
    name: 'latin-1 bytes',
    file: 'a.csv',
    content: Buffer.from('a,b\n1,caf\u00e9\n', 'latin1'),
    code: 'data/encoding',
    says: /line 2/,
  },
  {
    name: 'UTF-16',
    file: 'a.csv',
    content: Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'),
    code: 'data/encoding',
    says: /UTF-16/,
  },
  {
    name: 'a name twice',
    file: 'a.csv',
    content: 'x,y,x\n1,2,3\n',
    code: 'data/duplicate-column',
    says: /"x" stands twice/,
  },
  {
    name: 'cut JSON',
    file: 'a.ndjson',
    content: '{"a":1}\n{"a":',
    code: 'data/malformed',
    says: /Malformed JSON/,
  },
  {
    name: 'Parquet that is none',
    file: 'a.parquet',
    content: 'nonsense, and enough of it',
    code: 'data/unreadable',
    says: /magic bytes|Parquet/,
  },
  {
    name: 'gzip that is none',
    file: 'a.csv',
    content: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]),
    code: 'data/unreadable',
    says: /gzip/,
  },
  {
    name: 'an unknown format',
    file: 'a.xyz',
    content: Buffer.from([1, 0, 2, 0, 3]),
    code: 'data/unknown-format',
    says: /a\.xyz/,
  },
  {
    name: 'a long delimiter',
    file: 'a.csv',
    content: 'a::b\n',
    code: 'data/wrong-option',
    says: /one character/,
    options: { delimiter: '::' },
  },
];

describe('bad input', () => {
  for (const { name, file, content, code, says, options } of badInputs) {
    it(`${name} is ${code}`, async () => {
      await using directory = await temporaryDirectory();
      const path = join(directory.path, file);
      await writeFile(path, content);
      const error = await failure(openTable(path, options));
      expect(error).toMatchObject({ code });
      expect(error.message).toMatch(says);
      expect(error.help).toMatch(/\w/);
    });
  }

  it('names paths that lead nowhere', async () => {
    await using directory = await temporaryDirectory();
    const { path } = directory;
    expect(await failure(openTable(join(path, 'no.csv')))).toMatchObject({
      code: 'data/file-not-found',
    });
    expect(await failure(openTable(join(path, '*.csv')))).toMatchObject({
      code: 'data/file-not-found',
    });
    expect(await failure(openTable([]))).toMatchObject({ code: 'data/file-not-found' });
    expect(await failure(openTable('s3://bucket/a.parquet'))).toMatchObject({
      code: 'data/file-not-found',
    });
    expect(await failure(openTable(path))).toMatchObject({ code: 'data/is-directory' });
  });

  it.skipIf(process.getuid?.() === 0)(
    'names a file that may not be read (not as root)',
    async () => {
      await using directory = await temporaryDirectory();
      const path = join(directory.path, 'a.csv');
      await writeFile(path, 'a\n1\n');
      await chmod(path, 0);
      expect(await failure(openTable(path))).toMatchObject({ code: 'data/unreadable' });
    },
  );

  it('sees that Parquet is cut short', async () => {
    await using directory = await temporaryDirectory();
    const path = await writePayments(directory.path, 'parquet', payments(50));
    await truncate(path, (await readFile(path)).length - 100);
    expect(await failure(openTable(path))).toMatchObject({ code: 'data/unreadable' });
  });

  it('refuses files of different columns or formats', async () => {
    await using directory = await temporaryDirectory();
    const [a, b, c] = ['a.csv', 'b.csv', 'c.ndjson'].map((name) => join(directory.path, name));
    await writeFile(a!, 'x,y\n1,2\n');
    await writeFile(b!, 'y,x\n1,2\n');
    await writeFile(c!, '{"x":1}\n');
    expect(await failure(openTable([a!, b!]))).toMatchObject({ code: 'data/mismatched-files' });
    expect(await failure(openTable([a!, c!]))).toMatchObject({ code: 'data/mismatched-files' });
  });

  it('names columns that are not there, and a table that is closed', async () => {
    const table = await tableFromRecords([{ a: 1 }, { a: 2 }]);
    const missing = { code: 'data/missing-column' };
    expect(await failure(table.values('b'))).toMatchObject(missing);
    expect(await failure(table.inferSchema({ ignore: ['b'] }))).toMatchObject(missing);
    expect(await failure(table.inferSchema({ kinds: { b: 'count' } }))).toMatchObject(missing);
    expect(() => table.where({ column: 'b', in: [] })).toThrow(/expected the column "b"/);
    const none = table.where({ column: 'a', in: [] });
    expect(await failure(none.inferSchema())).toMatchObject({ code: 'data/empty' });
    await table[Symbol.asyncDispose]();
    await table[Symbol.asyncDispose]();
    expect(await failure(table.values('a'))).toMatchObject({ code: 'data/closed' });
  });

  it('takes infinite and huge numbers without losing the others', async () => {
    const values = [1, 2, 3, 4, 5.5, Infinity, -Infinity, 1e300, NaN, null];
    await using table = await tableFromRecords(values.map((x) => ({ x })));
    const schema = await table.inferSchema();
    const [field] = schema.fields;
    expect(field).toMatchObject({
      kind: 'numeric',
      mean: 3.1,
      minimum: 1,
      maximum: 1e300,
      missing: 0.2,
    });
    expect(schema.columns[0]!.reason).toMatch(/2 are infinite/);
    for await (const batch of table.batches(schema)) {
      const { MAX_VALUE } = Number;
      expect([...batch.data]).toEqual([1, 2, 3, 4, 5.5, MAX_VALUE, -MAX_VALUE, 1e300, NaN, NaN]);
    }
  });

  it('matches a table with a schema', async () => {
    const train = Array.from({ length: 40 }, (_, row) => ({ x: (row * 7) % 11, c: 'ab'[row % 2] }));
    await using table = await tableFromRecords(train);
    const schema = await table.inferSchema();
    expect(await table.match(schema)).toEqual({ extra: [] });
    await using wider = await tableFromRecords([{ more: 1, c: 'b', x: 3 }]);
    expect(await wider.match(schema)).toEqual({ extra: ['more'] });
    await using textual = await tableFromRecords([
      { c: 'z', x: '3' },
      { c: 'a', x: '4.5' },
    ]);
    expect(await textual.match(schema)).toEqual({ extra: [] });
    for await (const batch of textual.batches(schema)) {
      expect([...batch.data]).toEqual([3, 2, 4.5, 0]);
      expect([...batch.unseen]).toEqual([0, 1]);
    }
    await using narrow = await tableFromRecords([{ c: 'a' }]);
    const missing = await failure(narrow.match(schema));
    expect(missing).toMatchObject({ code: 'data/missing-column', details: { columns: ['x'] } });
    await using retyped = await tableFromRecords([
      { c: 'a', x: '1' },
      { c: 'a', x: 'many' },
    ]);
    const error = await failure(retyped.match(schema));
    expect(error).toMatchObject({ code: 'data/retyped-column', details: { column: 'x', row: 1 } });
    expect(error.message).toContain('"many" in row 1');
    await using nested = await tableFromRecords([{ c: 'a', x: [1, 2] }]);
    expect(await failure(nested.match(schema))).toMatchObject({
      code: 'data/retyped-column',
    });
  });

  it('opens 5,000 columns', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'wide.csv');
    const width = 5000;
    const line = (cell: (column: number) => unknown): string =>
      `${Array.from({ length: width }, (_, column) => cell(column)).join(',')}\n`;
    let text = line((column) => `f${column}`);
    for (let row = 0; row < 30; row++) {
      text += line((column) => ((row * 31 + column * 17) % 101) / 4);
    }
    await writeFile(path, text);
    await using table = await openTable(path);
    expect(table.columns.length).toBe(width);
    // All columns take some ten seconds to infer; every fiftieth shows that the table is read.
    const names = table.columns.map(({ name }) => name);
    const schema = await table.inferSchema({ ignore: names.filter((_, index) => index % 50 > 0) });
    expect(schema.fields.length).toBe(width / 50);
    for await (const batch of table.batches(schema)) {
      expect(batch.rows).toBe(30);
      expect(batch.data[width / 50 + 3]).toBe(((31 + 150 * 17) % 101) / 4);
    }
  });

  it('refuses JSON that is not of objects', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'a.json');
    await writeFile(path, '[1, 2]');
    expect(await failure(openTable(path))).toMatchObject({ code: 'data/malformed' });
  });

  it('makes no directory a file', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'a.csv'));
    expect(await failure(openTable(join(directory.path, 'a.csv')))).toMatchObject({
      code: 'data/is-directory',
    });
  });

  it('has codes that are listed once', () => {
    expect(new Set(dataErrorCodes).size).toBe(dataErrorCodes.length);
  });
});

async function failure(promise: Promise<unknown>): Promise<UnlikelyError> {
  const error = await promise.then(
    () => new Error('expected a failure, but there was none'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UnlikelyError);
  return error as UnlikelyError;
}
