import { input, makeGraph } from '@unlikely/graph';
import type { Field } from '@unlikely/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitFeatures } from '../src/modality/table/column/feature.ts';
import type { EncodedRows, Feature } from '../src/modality/table/column/feature.ts';
import { standardise } from '../src/modality/table/column/standardise.ts';
import { binary, categorical, count, cyclic, numeric } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { float64, runGraph } from './support/run-graph.ts';

async function run(fields: readonly Field[], features: readonly Feature[], rows: EncodedRows) {
  const x = input('rows', ['rows', fields.length], 'float64');
  const standardised = standardise(x, features);
  const graph = makeGraph('standardise', [x], { ...standardised });
  const feeds = { rows: float64(rows.data, rows.rows, fields.length) };
  return (await runGraph(graph, feeds)) as { features: number[]; present: number[] };
}

/** What the program has to compute, in plain numbers. */
function expected(features: readonly Feature[], rows: EncodedRows, width: number): number[] {
  return Array.from({ length: rows.rows }, (_, row) =>
    features.map(({ field, category, logarithm, mean, deviation }) => {
      const raw = rows.data[row * width + field]!;
      if (Number.isNaN(raw)) return 0;
      const value =
        category !== undefined
          ? Number(raw === category)
          : logarithm
            ? Math.sign(raw) * Math.log1p(Math.abs(raw))
            : raw;
      return Math.fround(limited((value - mean) / deviation));
    }),
  ).flat();
}

/** As it is up to a thousand deviations, beyond by its logarithm. */
function limited(distance: number): number {
  const size = Math.min(1e300, Math.abs(distance));
  return Math.sign(distance) * (size <= 1000 ? size : 1000 + 10 * Math.log(size / 1000));
}

function expectClose(actual: readonly number[], wanted: readonly number[], tolerance = 1e-6): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, index) => {
    const allowed = tolerance * Math.max(1, Math.abs(wanted[index]!));
    expect(Math.abs(value - wanted[index]!), `${index}: ${value}`).toBeLessThanOrEqual(allowed);
  });
}

const never = { logarithmBeyond: Infinity };
const columnOf = (values: readonly number[]): EncodedRows => rowsOf(values.map((value) => [value]));

/** Mean and deviation of one numeric column. */
const fitColumn = (values: readonly number[], logarithmBeyond = Infinity): Feature =>
  fitFeatures([numeric('a')], columnOf(values), { logarithmBeyond })[0]!;

describe('features', () => {
  it('have the mean and the population deviation of what is present', () => {
    const { mean, deviation } = fitColumn([1, NaN, 2, 6, NaN]);
    expect(mean).toBeCloseTo(3, 14);
    expect(deviation).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 3), 14);
  });

  it.each([
    ['constants', [7, 7, 7], 7, 1],
    ['constants that binary fractions cannot hold', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.1, 1],
    ['zeros', [0, 0], 0, 1],
    ['nothing', [NaN, NaN], 0, 1],
    ['rounding errors', [0.3, 0.1 + 0.2], 0.3, 1],
    ['numbers far below 1', [1e-12, 3e-12], 2e-12, 1e-12],
    ['numbers near the end of the doubles', [1e300, -1e300], 0, 1e300],
    ['a large offset', [1e9 - 1e-3, 1e9 + 1e-3], 1e9, 1e-3],
  ])('measure %s', (_, values, mean, deviation) => {
    const feature = fitColumn(values);
    expect(feature.mean).toBeCloseTo(mean, 9);
    expect(feature.deviation / deviation).toBeCloseTo(1, 3);
  });

  it('take a logarithm of heavy columns without negative values alone', () => {
    const heavy = [...Array<number>(1000).fill(1), 1e6];
    expect(fitColumn(heavy, 20).logarithm).toBe(true);
    expect(fitColumn(heavy, 20).mean).toBeCloseTo((1000 * Math.log(2) + Math.log1p(1e6)) / 1001, 9);
    expect(fitColumn(heavy).logarithm).toBe(false);
    expect(fitColumn([...heavy, -1], 20).logarithm).toBe(false);
    expect(
      fitColumn(
        heavy.map((value) => value * 1e-12),
        20,
      ).logarithm,
    ).toBe(false);
    expect(fitColumn([1, 2, 3], 20).logarithm).toBe(false);
    expect(fitColumn([7, 7, 7], 0).logarithm).toBe(false);
  });

  it('are one for a number, one for a category and its strangers', () => {
    const fields = [
      numeric('n'),
      count('c'),
      binary('b'),
      categorical('k', ['x', 'y', 'z']),
      categorical('one', ['x']),
      cyclic('w', 'weekday', 7),
    ];
    const features = fitFeatures(fields, rowsOf([[1, 2, 0, 0, 0, 3]]), never);
    expect(features.map(({ field, category }) => [field, category])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, 1],
      [2, 2],
      ...[0, 1, 2, 3].map((category) => [3, category]),
      ...[0, 1].map((category) => [4, category]),
      ...[0, 1, 2, 3, 4, 5, 6].map((category) => [5, category]),
    ]);
  });
});

describe('the standardise program', () => {
  const fields = [
    numeric('n'),
    numeric('heavy'),
    binary('b'),
    categorical('k', ['x', 'y', 'z']),
    cyclic('w', 'weekday', 7),
    count('c'),
    numeric('constant'),
  ];
  const training = rowsOf(
    Array.from({ length: 800 }, (_, row) => [
      Math.sin(row),
      row === 5 ? 1e7 : row % 10,
      row % 2,
      row % 3,
      row % 7,
      row % 5,
      42,
    ]),
  );
  const features = fitFeatures(fields, training, { logarithmBeyond: 20 });

  it('computes what plain code does on rows of every kind', async () => {
    expect(features.map(({ logarithm }) => logarithm).filter(Boolean)).toHaveLength(1);
    const value = fc.oneof(
      fc.double({ noDefaultInfinity: true }),
      fc.constantFrom(0, 1, 2, 3, 7, NaN, 1e300, -1e300, 1e-300, -0.5),
    );
    const category = (most: number) =>
      fc.oneof(fc.integer({ min: 0, max: most }), fc.constant(NaN));
    const row = fc.tuple(value, value, category(2), category(3), category(6), value, value);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (table) => {
        const rows = rowsOf(table);
        const found = await run(fields, features, rows);
        expectClose(found.features, expected(features, rows, fields.length));
        expect(found.present).toEqual(
          table.flatMap((values) =>
            features.map(({ field }) => Number(!Number.isNaN(values[field]))),
          ),
        );
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('gives training rows mean 0 and deviation 1', async () => {
    const { features: x } = await run(fields, features, training);
    features.forEach((feature, index) => {
      const own = x.filter((_, at) => at % features.length === index);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const square = own.reduce((sum, value) => sum + value ** 2, 0) / own.length;
      const varies = feature.category !== 2 || feature.field !== 2;
      expect(mean).toBeCloseTo(0, 4);
      const isConstant =
        feature.field === 6 || !varies || (feature.field === 3 && feature.category === 3);
      expect(square).toBeCloseTo(isConstant ? 0 : 1, 4);
    });
  });

  it('loses nothing beside a large offset', async () => {
    const values = Array.from({ length: 100 }, (_, row) => 1e9 + 1e-3 * Math.sin(row));
    const feature = fitColumn(values);
    const found = await run([numeric('a')], [feature], columnOf(values));
    // A double holds 1e9 to 1.2e-7, which is some 2e-4 of the deviation.
    expectClose(
      found.features,
      values.map((value) => (value - feature.mean) / feature.deviation),
      1e-6,
    );
    const spread = found.features.reduce((sum, value) => sum + value ** 2, 0) / 100;
    expect(spread).toBeCloseTo(1, 3);
    expect(found.features[1]! - found.features[0]!).toBeCloseTo(Math.SQRT2 * Math.sin(1), 1);
  });

  it('counts what is beyond a thousand deviations by its logarithm and lets nothing infinite pass', async () => {
    const feature = fitColumn([1, 2, 3]);
    const found = await run(
      [numeric('a')],
      [feature],
      columnOf([1e300, -1e300, Infinity, -Infinity]),
    );
    const [far, below, farthest, lowest] = found.features;
    expect(far).toBeCloseTo(1000 + 10 * Math.log(1e297), 1);
    expect([below, farthest, lowest]).toEqual([-far!, far, -far!]);
    const away = [1, 500, 999, 1001, 2000, 1e6, 1e9].map((times) => 2 + times * feature.deviation);
    const { features: rising } = await run([numeric('a')], [feature], columnOf(away));
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    expect(new Set(rising).size).toBe(away.length);
  });
});
