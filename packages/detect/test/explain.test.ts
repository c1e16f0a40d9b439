import type { Field } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { formatNumber } from '@unlikely/detect';
import { explainField } from '../src/modality/table/explain/explanation.ts';
import type { FieldExplanation } from '../src/modality/table/explain/explanation.ts';
import type { FieldFinding } from '../src/modality/table/explain/field-words.ts';
import { completeConfiguration } from '../src/modality/table/check-configuration.ts';
import { matrixSchema } from '../src/modality/table/column/matrix-schema.ts';
import { ModelScorer } from '../src/modality/table/scorer.ts';
import { fitModel } from '../src/modality/table/fit.ts';
import { binary, categorical, count, cyclic, numeric } from './support/fields.ts';
import { platform } from './support/platform.ts';
import { correlatedRows, encodedOf, sliceRows } from './support/rows.ts';

const finding = (more: Partial<FieldFinding>): FieldFinding => ({
  encoded: 0,
  expected: 0,
  lower: 0,
  upper: 0,
  contribution: 1.5,
  original: undefined,
  ...more,
});

describe('an explanation says', () => {
  const cases: readonly [string, Field, Partial<FieldFinding>, string][] = [
    [
      'a number',
      numeric('height'),
      { encoded: 2.5, expected: 1.75, lower: 1.6, upper: 1.9 },
      'height is 2.5, expected 1.75 (1.6 to 1.9)',
    ],
    [
      'a number of a sure model',
      numeric('height'),
      { encoded: 2.5, expected: 1, lower: 1, upper: 1 },
      'height is 2.5, expected 1',
    ],
    [
      'a large number',
      numeric('bytes'),
      { encoded: 1234567, expected: 1234.5678, lower: -20.55, upper: 98765.4 },
      'bytes is 1,234,567, expected 1,235 (-20.55 to 98,765)',
    ],
    [
      'a count',
      count('visits'),
      { encoded: 40, expected: 12.7, lower: -3, upper: 28.4 },
      'visits is 40, expected 13 (0 to 28)',
    ],
    [
      'a small count',
      count('visits'),
      { encoded: 7, expected: 1.234, lower: 0.5, upper: 2 },
      'visits is 7, expected 1.234 (0.5 to 2)',
    ],
    [
      'a category',
      categorical('colour', ['red', 'blue']),
      { encoded: 1, expected: 0 },
      'colour is blue, expected red',
    ],
    [
      'a category in odd company',
      categorical('colour', ['red', 'blue']),
      { encoded: 1, expected: 1 },
      'colour is blue, unusual beside the other values',
    ],
    [
      'a category that adds nothing',
      categorical('colour', ['red', 'blue']),
      { encoded: 1, expected: 1, contribution: -0.2 },
      'colour is blue, as expected',
    ],
    [
      'a category never seen',
      categorical('colour', ['red', 'blue']),
      { encoded: 2, expected: 0, original: 'green' },
      'colour is green, which no training row had; expected red',
    ],
    [
      'a category never seen, without the table',
      categorical('colour', ['red']),
      { encoded: 1, expected: 1 },
      'colour is another value, which no training row had; expected another value',
    ],
    ['a binary value', binary('flag'), { encoded: 1, expected: 0 }, 'flag is yes, expected no'],
    [
      'a binary value never seen',
      binary('flag'),
      { encoded: 2, expected: 1, original: 'maybe' },
      'flag is maybe, which no training row had; expected yes',
    ],
    [
      'an hour',
      cyclic('at hour', 'hour', 24),
      { encoded: 3, expected: 14 },
      'at hour is 03:00, expected 14:00',
    ],
    [
      'a weekday',
      cyclic('day', 'weekday', 7),
      { encoded: 6, expected: 0 },
      'day is Sunday, expected Monday',
    ],
    [
      'a month',
      cyclic('month', 'month', 12),
      { encoded: 11, expected: 11 },
      'month is December, unusual beside the other values',
    ],
    ['that a value is missing', numeric('height'), { encoded: NaN }, 'height is missing'],
    [
      'that a category is missing',
      categorical('colour', ['red']),
      { encoded: NaN },
      'colour is missing',
    ],
  ];

  it.each(cases)('%s', (_, field, more, sentence) => {
    const explained = explainField(field, finding(more));
    expect(explained.sentence).toBe(sentence);
    expect(explained.contribution).toBe(finding(more).contribution);
    expect([explained.field, explained.column]).toEqual([field.name, field.column]);
    const isNumber =
      (field.kind === 'numeric' || field.kind === 'count') && !Number.isNaN(more.encoded);
    expect(explained.words.lower === null).toBe(!isNumber);
  });

  const numbers: readonly [string, Field, Partial<FieldFinding>, Partial<FieldExplanation>][] = [
    [
      'a number, not rounded',
      numeric('bytes'),
      { encoded: 1234567, expected: 1234.5678, lower: -20.55, upper: 98765.4 },
      { value: 1234567, expected: 1234.5678, lower: -20.55, upper: 98765.4 },
    ],
    [
      'a count below 0 as the model says it',
      count('visits'),
      { encoded: 40, expected: 12.7, lower: -3, upper: 28.4 },
      { value: 40, expected: 12.7, lower: -3, upper: 28.4 },
    ],
    [
      'a category by its name',
      categorical('colour', ['red', 'blue']),
      { encoded: 1, expected: 0, lower: 0, upper: 0 },
      { value: 'blue', expected: 'red', lower: null, upper: null },
    ],
    [
      'a category never seen as the table has it',
      categorical('colour', ['red']),
      { encoded: 1, expected: 1, original: 'green' },
      { value: 'green', expected: null, lower: null, upper: null },
    ],
    [
      'an hour',
      cyclic('at hour', 'hour', 24),
      { encoded: 3, expected: 14 },
      { value: 3, expected: 14, lower: null, upper: null },
    ],
    [
      'what is expected of a missing number',
      numeric('height'),
      { encoded: NaN, expected: 1.75, lower: 1.6, upper: 1.9 },
      { value: null, expected: 1.75, lower: 1.6, upper: 1.9 },
    ],
    [
      'what is expected of a missing category',
      categorical('colour', ['red']),
      { encoded: NaN, expected: 0 },
      { value: null, expected: 'red', lower: null, upper: null },
    ],
  ];

  it.each(numbers)('in numbers %s', (_, field, more, expected) => {
    expect(explainField(field, finding(more))).toMatchObject(expected);
  });
});

describe('a number for people', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [12, '12'],
    [-1234, '-1,234'],
    [-123, '-123'],
    [1234567.8, '1,234,568'],
    [9999.96, '10,000'],
    [3.14159, '3.142'],
    [0.000123456, '0.0001235'],
    [0.00001, '1.00e-5'],
    [-2.5e15, '-2.50e+15'],
    [1e12, '1.00e+12'],
    [999999999999, '999,999,999,999'],
    [1234.5, '1,235'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('contributions', () => {
  it('rank a shifted column first in nine of ten rows', async () => {
    const columns = 6;
    const x = correlatedRows(900, columns, 2, 0.15);
    const model = await fitModel({
      schema: matrixSchema(x),
      rows: encodedOf(sliceRows(x, 0, 700)),
      rowsRead: 700,
      platform,
      options: {
        configuration: completeConfiguration({
          encoderSizes: [24],
          latentSize: 3,
          members: 2,
          steps: 700,
          batchSize: 64,
        }),
      },
    });
    await using scorer = new ModelScorer(model, platform);
    const details = await scorer.scorer('details');
    const stream = new RandomStream(6);
    const odd = sliceRows(x, 700, 900);
    const shifted = Array.from({ length: 200 }, () => stream.integer(columns));
    shifted.forEach((column, row) => {
      odd.data[row * columns + column]! += stream.uniform() < 0.5 ? -3 : 3;
    });
    const rows = encodedOf(odd);
    const { contribution } = await details.run({ rows: rows.data }, rows.rows);
    const right = shifted.filter((column, row) => {
      const own = contribution.subarray(row * columns, (row + 1) * columns);
      return own.indexOf(Math.max(...own)) === column;
    });
    expect(right.length / 200).toBeGreaterThanOrEqual(0.9);
  });
});
