import { describe, expect, it } from 'vitest';
import {
  tableFromRecords,
  type ColumnKind,
  type InferenceOptions,
  type Schema,
} from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';

const rows = 400;
const stream = new RandomStream(9, 'columns');

interface Case {
  readonly name: string;
  readonly value: (row: number) => unknown;
  readonly kind: ColumnKind;
  readonly reason: RegExp;
}

const pad = (value: number, length: number): string => String(value).padStart(length, '0');
const day = (row: number): string =>
  new Date(Date.UTC(2024, 0, 1 + row)).toISOString().slice(0, 10);

/** A column for every rule, with the kind and the words of the reason. */
const cases: readonly Case[] = [
  { name: 'nothing', value: () => null, kind: 'ignored', reason: /^no value in 400 rows$/ },
  { name: 'constant text', value: () => 'x', kind: 'categorical', reason: /^always "x"; kept/ },
  { name: 'constant number', value: () => 7, kind: 'numeric', reason: /^always 7; kept/ },
  { name: 'constant truth', value: () => true, kind: 'binary', reason: /^always true/ },
  {
    name: 'truth',
    value: (row) => row % 3 === 0,
    kind: 'binary',
    reason: /^two values: false, true$/,
  },
  {
    name: 'zero or one',
    value: (row) => (row % 3 === 0 ? 1 : 0),
    kind: 'binary',
    reason: /^two values: 0, 1$/,
  },
  {
    name: 'two texts',
    value: (row) => ['yes', 'no'][row % 2],
    kind: 'binary',
    reason: /^two values: no, yes$/,
  },
  {
    name: 'decimals',
    value: () => stream.normal(),
    kind: 'numeric',
    reason: /^decimal numbers from -/,
  },
  {
    name: 'numbers as text',
    value: () => String(stream.uniform()),
    kind: 'numeric',
    reason: /stored as text/,
  },
  {
    name: 'whole below zero',
    value: () => stream.integer(90) - 50,
    kind: 'numeric',
    reason: /whole numbers from -/,
  },
  {
    name: 'counts',
    value: () => stream.integer(40),
    kind: 'count',
    reason: /^40 different whole numbers from 0 to 39$/,
  },
  {
    name: 'whole as decimals',
    value: () => `${stream.integer(40)}.0`,
    kind: 'count',
    reason: /whole numbers/,
  },
  {
    name: 'row id',
    value: (row) => 5000 + row,
    kind: 'ignored',
    reason: /^id-like: rises with every row from 5000 to 5399/,
  },
  {
    name: 'shuffled id',
    value: (row) => (row * 171) % 400,
    kind: 'ignored',
    reason: /^id-like: each whole number from 0 to 399/,
  },
  {
    name: 'clock',
    value: (row) => Math.floor(row * 0.7),
    kind: 'count',
    reason: /never falls from row to row/,
  },
  {
    name: 'unix time',
    value: (row) => 1.7e9 + row * 7200,
    kind: 'timestamp',
    reason: /Unix time in seconds over 33 days/,
  },
  {
    name: 'name',
    value: (row) => `customer ${row}`,
    kind: 'ignored',
    reason: /^id-like: all 400 texts differ/,
  },
  {
    name: 'uuid',
    value: (row) => `00000000-0000-4000-8000-${pad(row, 12)}`,
    kind: 'ignored',
    reason: /UUID|id-like/,
  },
  {
    name: 'protocol',
    value: (row) => ['tcp', 'tcp', 'udp', 'icmp'][row % 4],
    kind: 'categorical',
    reason: /^text with 3 different values: tcp, icmp, udp$/,
  },
  {
    name: 'zip code',
    value: (row) => pad(row % 20, 5),
    kind: 'categorical',
    reason: /^text with 20 different/,
  },
  {
    name: 'free text',
    value: (row) => `note ${row % 350}`,
    kind: 'ignored',
    reason: /^high-cardinality: text with 350 different values in 400 rows/,
  },
  {
    name: 'heavy text',
    value: (row) =>
      row % 12 === 0 ? `rare ${row} ${'x'.repeat(row % 3)}` : ['a', 'b', 'c'][row % 3],
    kind: 'categorical',
    reason: /different values/,
  },
  { name: 'date', value: day, kind: 'timestamp', reason: /over 399 days: hour, weekday/ },
  {
    name: 'short time',
    value: (row) => `2024-01-01 10:00:${pad(row % 60, 2)}`,
    kind: 'ignored',
    reason: /too short/,
  },
  {
    name: 'other dates',
    value: (row) => `${pad((row % 28) + 1, 2)}/12/${1600 + row}`,
    kind: 'ignored',
    reason: /write dates as 2024-12-31/,
  },
  {
    name: 'nested',
    value: (row) => ({ a: row }),
    kind: 'ignored',
    reason: /STRUCT.* is not a single/,
  },
  { name: 'list', value: (row) => [row], kind: 'ignored', reason: /is not a single/ },
  {
    name: 'faulty number',
    value: (row) => (row === 17 ? 'oops' : String(row % 150)),
    kind: 'ignored',
    reason: /99\.7 % are numbers, but row 17 holds "oops"/,
  },
];

async function infer(options?: InferenceOptions): Promise<Schema> {
  const records = Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(cases.map(({ name, value }) => [name, value(row)])),
  );
  await using table = await tableFromRecords(records);
  return await table.inferSchema(options);
}

describe('schema inference', () => {
  it('gives every column its kind and says why', async () => {
    const schema = await infer();
    for (const { name, kind, reason } of cases) {
      const column = schema.columns.find((candidate) => candidate.name === name)!;
      expect(column.kind, `${name}: ${column.reason}`).toBe(kind);
      expect(column.reason, name).toMatch(reason);
    }
    const heavy = schema.fields.find(({ name }) => name === 'heavy text')!;
    expect(heavy).toMatchObject({ categories: ['b', 'c', 'a'] });
    const truth = schema.fields.find(({ name }) => name === 'constant truth')!;
    expect(truth).toMatchObject({ categories: ['true', 'false'], frequencies: [1, 0] });
    // The hours of dates are all 0, so that only the weekday is a field.
    expect(schema.fields.filter(({ column }) => column === 'date').map(({ name }) => name)).toEqual(
      ['date (weekday)'],
    );
    expect(schema.fields.filter(({ column }) => column === 'unix time').length).toBe(2);
  });

  it('does as it is asked', async () => {
    const schema = await infer({
      ignore: ['decimals'],
      kinds: {
        counts: 'categorical',
        'row id': 'numeric',
        'zip code': 'numeric',
        protocol: 'ignored',
      },
    });
    const kinds = new Map(schema.columns.map(({ name, kind }) => [name, kind]));
    expect(kinds.get('decimals')).toBe('ignored');
    expect(kinds.get('protocol')).toBe('ignored');
    expect(kinds.get('row id')).toBe('numeric');
    expect(kinds.get('zip code')).toBe('numeric');
    const counts = schema.fields.find(({ name }) => name === 'counts')!;
    expect(counts.kind === 'categorical' && counts.categories.length).toBe(40);
    await expect(infer({ kinds: { protocol: 'numeric' } })).rejects.toMatchObject({
      code: 'data/retyped-column',
      details: { value: 'tcp', row: 0 },
    });
    await expect(infer({ kinds: { nested: 'categorical' } })).rejects.toMatchObject({
      code: 'data/retyped-column',
    });
  });

  it('keeps the most frequent categories where a few hold nearly all rows', async () => {
    const records = Array.from({ length: 1000 }, (_, row) => ({
      c: row % 20 === 0 ? `rare ${row}` : ['a', 'b', 'c'][row % 3],
    }));
    await using table = await tableFromRecords(records);
    const schema = await table.inferSchema({ maximumCategories: 3 });
    expect(schema.columns[0]!.reason).toMatch(
      /53 different values, of which the 3 most frequent hold 95 %/,
    );
    for await (const batch of table.batches(schema)) expect(batch.unseen[0]).toBe(50);
  });
});
