import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMissingValues, tableFromRecords } from '@unlikely/data';
import type { Field, Schema } from '@unlikely/data';
import { fieldEncoder, missingWords, presentValue, recordEncoder } from '../src/table/encode.ts';
import { collect } from './contract/describe-table.ts';

const parts = { name: 'value', column: 'value', missing: 0.1 };
const statistics = { mean: 0, deviation: 1, minimum: 0, maximum: 1, quantiles: [], integer: false };
const category = (...categories: string[]): Field => ({
  kind: 'categorical',
  ...parts,
  categories,
  frequencies: categories.map(() => 1 / categories.length),
});
const cyclic = (part: 'hour' | 'weekday' | 'month'): Field => ({
  kind: 'cyclic',
  ...parts,
  part,
  period: { hour: 24, weekday: 7, month: 12 }[part],
  frequencies: [],
});

const vocabularies = [
  [],
  ['0', '1'],
  ['1', '2', '3', '10', '2.5', '1e+16', '-7', '1.5e-07'],
  ['true', 'false'],
  ['False', 'TRUE'],
  ['a', 'b', 'A'],
  ['5', '5.0', 'a', '1e5', '0x1A', ' 12', 'inf'],
  ['1.50', '1.5', '007', '7', 'nan', 'true'],
];
const fixedFields: readonly Field[] = [
  { kind: 'numeric', ...parts, ...statistics },
  { kind: 'count', ...parts, ...statistics },
  cyclic('hour'),
  cyclic('weekday'),
  cyclic('month'),
  ...vocabularies.map((words) => category(...words)),
];

const blanks = fc.stringMatching(/^[ \t\n\u00a0]{0,2}$/);
const around = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(blanks, text, blanks).map((each) => each.join(''));
const numberLike = fc.oneof(
  fc.stringMatching(/^[+-]{0,2}[0-9_]{0,4}\.?[0-9_]{0,4}([eE][+-]?[0-9_]{0,3})?$/),
  fc.double().map(String),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.constantFrom(
    'inf',
    '-Infinity',
    '+INF',
    'nan',
    '-NaN',
    'nan(1)',
    '0x1A',
    '0b1',
    '1,5',
    '007',
    '1.50',
  ),
);
const timestampLike = fc.oneof(
  fc.stringMatching(/^-?[0-9]{1,5}[-/ ][0-9]{1,2}[-/ ][0-9]{1,2}$/),
  fc.stringMatching(
    /^20[012][0-9]-[01][0-9]-[0-3][0-9]([ T]{0,2}[0-9]{1,3}(:[0-6]?[0-9]?){0,2}(\.[0-9]{0,8})?(Z|z| UTC| utc| GMT|[+-][0-9]{2}(:?[0-9]{2}){0,2}| ){0,2})?$/,
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2024-02-30',
    '2024-12-31 (BC)',
    '2024-12-31 (bc)T10:11',
    'epoch',
    '-epoch',
    'infinity',
    '-inf',
    '2024-12-31 24:00',
    '0000-01-01',
  ),
);
const anyText = fc.oneof(
  around(numberLike),
  around(timestampLike),
  around(fc.constantFrom(...defaultMissingValues, 'Na', 'none', '-')),
  around(fc.constantFrom(...vocabularies.flat())),
  fc.constantFrom('TRUE', 'true', 'False', 't', 'yes', 'İ'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: -5, max: 12 }),
  fc.double({ min: -1e19, max: 1e19 }),
  fc.constantFrom(1.5, 2.5, 1e16, 1.5e-7, -0, 1e15, -Infinity, 9.223372e18, -9.3e18, 3599.9999995),
  fc.date({ noInvalidDate: true }).map((date) => date.getTime()),
);
const columns: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text: anyText,
  number: anyNumber,
  whole: fc.oneof(fc.integer({ min: -12, max: 12 }), fc.maxSafeInteger()),
  bigint: fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  truth: fc.boolean(),
  date: fc.oneof(fc.date(), fc.date({ min: new Date(0), max: new Date(4e12) })),
};

/** What is the same: 0 and -0 are one number. */
const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

describe('a record and a row of a file', () => {
  it.each(Object.keys(columns))(
    'become the same numbers, value by value: %s',
    async (name) => {
      const values = fc.array(fc.option(columns[name]!, { freq: 20 }), {
        minLength: 1,
        maxLength: 300,
      });
      const vocabulary = fc.uniqueArray(anyText, { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(values, vocabulary, async (column, words) => {
          const fields = [...fixedFields, category(...words)];
          const schema: Schema = { columns: [], fields, rows: 1 };
          await using table = await tableFromRecords(column.map((value) => ({ value })));
          const encoded = await collect(table.batches(schema));
          const missing = missingWords();
          for (const [index, field] of fields.entries()) {
            const encode = fieldEncoder(field);
            let fits = true;
            for (const [row, value] of column.entries()) {
              const present = presentValue(value, missing);
              const own = present === undefined ? NaN : encode(present);
              const theirs = encoded[row * fields.length + index]!;
              fits &&= own !== undefined;
              if (same(own ?? NaN, theirs)) continue;
              const what = `${field.kind} of ${JSON.stringify(field)}: ${typeof value} ${JSON.stringify(String(value))}`;
              throw new Error(`${what} is ${own} as a value and ${theirs} in a file`);
            }
            // What a record is refused for, a file is refused for as well.
            const isRefused = await table.match({ ...schema, fields: [field] }).then(
              () => false,
              () => true,
            );
            expect([field.kind, isRefused]).toEqual([field.kind, !fits]);
          }
        }),
        { numRuns: 15, seed: 12 },
      );
    },
    120_000,
  );
});

describe('a record', () => {
  const schema: Schema = {
    columns: [],
    rows: 100,
    fields: [
      { ...fixedFields[0]!, name: 'amount', column: 'amount', missing: 0 },
      { ...category('tea', 'fish'), name: 'shop', column: 'shop' },
      { ...category('0', '1'), name: 'toString', column: 'toString', missing: 0.5 },
    ],
  };
  const encode = (record: Record<string, unknown>, own: Schema = schema): number[] => {
    const row = new Float64Array(own.fields.length);
    recordEncoder(own).encode(record, row);
    return [...row];
  };

  it('is encoded by its keys, in the order of the fields', () => {
    expect(encode({ shop: 'fish', amount: '12', more: 1 })).toEqual([12, 1, NaN]);
    expect(encode({ amount: null, shop: 'coal', toString: true })).toEqual([NaN, 2, 1]);
    expect(encode({ amount: -Infinity, shop: undefined })).toEqual([-Number.MAX_VALUE, NaN, NaN]);
  });

  it('may leave out what lacked values in training, and nothing else', () => {
    expect(() => encode({ shop: 'tea' })).toThrow(
      expect.objectContaining({
        code: 'data/missing-column',
        details: { columns: ['amount'], row: 0 },
      }),
    );
  });

  it('is refused with the value that does not fit', () => {
    expect(() => encode({ amount: 'much' })).toThrow(
      expect.objectContaining({
        code: 'data/retyped-column',
        message: 'expected a number in every row of column "amount", but it holds "much" in row 0',
        details: { column: 'amount', value: 'much', row: 0 },
      }),
    );
    expect(() => encode({ amount: 1, shop: ['tea'] })).toThrow(/"shop", but it holds a list/);
  });

  it('takes the words for missing values from the schema', () => {
    const own = { ...schema, missingValues: ['none'] };
    expect(encode({ amount: 1, shop: ' none ' }, own)).toEqual([1, NaN, NaN]);
    expect(encode({ amount: 1, shop: 'NA' }, own)).toEqual([1, 2, NaN]);
  });
});
