import { RandomStream } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, CodeMoments, shiftedCodes } from '../src/latent/attribute.ts';
import { codePath, pathKinds } from '../src/latent/code-path.ts';
import { negativeBinomialDraw, poissonDraw } from '../src/modality/table/generate/draw-count.ts';
import { drawRows } from '../src/modality/table/generate/draw-rows.ts';
import { readPosterior, storedPosterior } from '../src/latent/stored-posterior.ts';
import { timestampText } from '../src/modality/table/generate/timestamp-text.ts';
import { traversal } from '../src/latent/traversal.ts';
import { recordsOf, valueColumns } from '../src/modality/table/generate/value-columns.ts';
import type { Matrix } from '../src/matrix.ts';
import { blockOrder } from '../src/modality/table/likelihood/blocks.ts';
import { expectError } from './support/expect-error.ts';
import { binary, categorical, count, cyclic, numeric, schemaOf } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { coreOf } from './support/small-model.ts';

const seed = 3;
const codes = (rows: readonly (readonly number[])[]): Matrix => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]!.length,
});
const momentsOf = (matrix: Matrix): CodeMoments => {
  const moments = new CodeMoments(matrix.columns);
  moments.add(matrix);
  return moments;
};
const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
const code = fc
  .array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 })
  .filter((values) => norm(values) > 0.1)
  .map((values) => Float32Array.from(values));

describe('a way between codes', () => {
  it.each(pathKinds)('begins and ends at the codes themselves: %s', (path) => {
    fc.assert(
      fc.property(code, code, fc.integer({ min: 2, max: 9 }), (a, b, steps) => {
        const { data } = codePath(a, b, steps, path);
        expect(data.slice(0, 3)).toEqual(a);
        expect(data.slice(-3)).toEqual(b);
        expect(data.every(Number.isFinite)).toBe(true);
      }),
      { seed },
    );
  });

  it('keeps the norm on the great circle between codes of equal norm, and turns evenly', () => {
    fc.assert(
      fc.property(code, code, (a, other) => {
        const b = other.map((value) => (value * norm(a)) / norm(other));
        const cosine = a.reduce((sum, value, unit) => sum + value * b[unit]!, 0) / norm(a) ** 2;
        // Near opposite codes there is no one plane.
        fc.pre(Math.abs(cosine) < 0.999);
        const { data } = codePath(a, b, 5, 'spherical');
        const steps = [0, 1, 2, 3, 4].map((step) => data.slice(3 * step, 3 * step + 3));
        for (const step of steps) expect(norm(step) / norm(a)).toBeCloseTo(1, 4);
        const chords = steps.slice(1).map((step, i) => norm(step.map((v, u) => v - steps[i]![u]!)));
        for (const chord of chords) expect(chord / chords[0]!).toBeCloseTo(1, 2);
      }),
      { seed },
    );
  });

  it('is straight by default, and straight on the circle where there is no angle', () => {
    const [a, b] = [Float32Array.of(0, 2), Float32Array.of(4, 0)];
    expect(codePath(a, b, 3, 'linear').data).toEqual(Float32Array.of(0, 2, 2, 1, 4, 0));
    const [c, d] = [Float32Array.of(1, 1), Float32Array.of(3, 3)];
    expect(codePath(c, d, 3, 'spherical').data).toEqual(Float32Array.of(1, 1, 2, 2, 3, 3));
    const zero = Float32Array.of(0, 0);
    expect(codePath(zero, d, 3, 'spherical').data).toEqual(Float32Array.of(0, 0, 1.5, 1.5, 3, 3));
    expect(codePath(a, b, 1, 'linear').data).toEqual(a);
  });

  it('has a known name', async () => {
    const a = Float32Array.of(1);
    await expectError(() => codePath(a, a, 2, 'curved' as 'linear'), 'detect/configuration');
  });
});

describe('an attribute vector', () => {
  const some = codes([[1, 0], [3, 0], [2, 4]]); // prettier-ignore

  it('of a set with itself is 0, and turns round with its sets', () => {
    expect(attributeOf(momentsOf(some), momentsOf(some)).vector).toEqual([0, 0]);
    const other = codes([[-1, 0.5]]);
    const there = attributeOf(momentsOf(some), momentsOf(other));
    const back = attributeOf(momentsOf(other), momentsOf(some));
    expect(there.vector).toEqual(back.vector.map((value) => -value));
    expect(there.rows).toEqual({ with: 3, without: 1 });
  });

  it('is the difference of the means, with the distance in pooled deviations', () => {
    const [a, b] = [codes([[2, 1], [4, 1]]), codes([[0, 1], [0, 3], [0, -1]])]; // prettier-ignore
    const { vector, separation } = attributeOf(momentsOf(a), momentsOf(b));
    expect(vector).toEqual([3, 0]);
    // Along [1, 0] the variances are 1 of 2 rows and 0 of 3.
    expect(separation).toBeCloseTo(3 / Math.sqrt(2 / 5), 10);
    expect(attributeOf(momentsOf(codes([[1]])), momentsOf(codes([[0]]))).separation).toBeNull();
  });

  it('does not depend on how the codes come', () => {
    const parts = new CodeMoments(2);
    for (const row of [[1, 0], [3, 0], [2, 4]]) parts.add(codes([row])); // prettier-ignore
    expect(parts.mean()).toEqual(momentsOf(some).mean());
    expect(parts.varianceAlong([1, 1])).toBe(momentsOf(some).varianceAlong([1, 1]));
  });

  it('is added, scaled and taken away', async () => {
    expect(shiftedCodes(some, [1, -2], 0.5).data).toEqual(
      Float32Array.of(1.5, -1, 3.5, -1, 2.5, 3),
    );
    const there = shiftedCodes(some, [1, -2], 4);
    expect(shiftedCodes(there, [1, -2], -4)).toEqual(some);
    await expectError(() => shiftedCodes(some, [1], 1), 'detect/input');
    await expectError(() => shiftedCodes(some, [1, 2], Infinity), 'detect/input');
    await expectError(() => attributeOf(momentsOf(some), new CodeMoments(2)), 'detect/input');
  });
});

describe('a traversal', () => {
  it('changes one unit at a time over the range', async () => {
    const { unit, value, codes: made } = traversal(Float32Array.of(5, 6), { range: 2, steps: 3 });
    expect([...unit]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...value]).toEqual([-2, 0, 2, -2, 0, 2]);
    expect([...made.data]).toEqual([-2, 6, 0, 6, 2, 6, 5, -2, 5, 0, 5, 2]);
    for (const wrong of [{ units: [2] }, { units: [0.5] }, { steps: 1 }, { range: 0 }]) {
      await expectError(() => traversal(Float32Array.of(5, 6), wrong), 'detect/configuration');
    }
  });
});

/** Mean and variance of many draws, each within five standard errors of its own. */
function expectMoments(draw: () => number, mean: number, variance: number, kurtosis = 3): void {
  const n = 20_000;
  const values = Array.from({ length: n }, draw);
  const found = values.reduce((sum, value) => sum + value, 0) / n;
  const spread = values.reduce((sum, value) => sum + (value - found) ** 2, 0) / n;
  expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  const relative = Math.sqrt(Math.max(kurtosis - 1, 0.1) / n);
  expect(Math.abs(spread / variance - 1)).toBeLessThan(5 * relative);
}

describe('counts', () => {
  it.each([0.02, 0.7, 8, 200, 25_000])('of a Poisson with rate %d have its moments', (rate) => {
    const stream = new RandomStream(seed, 'poisson', rate);
    expectMoments(() => poissonDraw(rate, stream), rate, rate, 3 + 1 / rate);
  });

  it.each([
    [0.5, 2],
    [6, 7],
    [40, 400],
    [900, 1e5],
  ])(
    // prettier-ignore
    'of a negative binomial with mean %d and variance %d have them',
    (mean, variance) => {
      const stream = new RandomStream(seed, 'binomial', mean);
      const size = mean ** 2 / (variance - mean);
      const kurtosis = 3 + 6 / size + 1 / variance;
      expectMoments(() => negativeBinomialDraw(mean, variance, stream), mean, variance, kurtosis);
    },
  );

  it('are whole, and 0 where nothing is expected', () => {
    const stream = new RandomStream(seed);
    expect([0, -1, NaN].map((rate) => poissonDraw(rate, stream))).toEqual([0, 0, 0]);
    for (let i = 0; i < 50; i++) {
      expect(Number.isInteger(negativeBinomialDraw(3, 30, stream))).toBe(true);
    }
  });
});

describe('rows drawn from the decoder', () => {
  const fields = [
    numeric('size', { minimum: -20, maximum: 20 }),
    count('visits'),
    binary('member'),
    categorical('plan', ['free', 'basic', 'pro']),
  ];
  const training = rowsOf(
    Array.from({ length: 60 }, (_, i) => [Math.sin(i) * 5, i % 6, Number(i % 3 === 0), i % 3]),
  );
  const n = 4000;

  it.each(['gaussian', 'poisson', 'negative-binomial'] as const)(
    'have the moments and the shares that it says, counts as %s',
    (kind) => {
      const core = coreOf(fields, training, {
        likelihoods: {
          numeric: 'gaussian',
          count: kind,
          binary: 'bernoulli',
          categorical: 'categorical',
        },
      });
      const order = blockOrder(core.blocks);
      // In standardised units: a size of 3 ± 2, 4 visits, the second member by .8, plans .5, .3, .2.
      const wanted: Record<string, [number, number]> = {
        '0': [3, 4], '1': [4, kind === 'negative-binomial' ? 12 : 4],
        '2,1': [0.8, 0], '2,2': [0, 0], '3,0': [0.5, 0], '3,1': [0.3, 0], '3,2': [0.2, 0], '3,3': [0.4, 0],
      }; // prettier-ignore
      const [mean, variance] = [
        new Float32Array(n * order.length),
        new Float32Array(n * order.length),
      ];
      for (let row = 0; row < n; row++) {
        order.forEach((index, place) => {
          const feature = core.features[index]!;
          const key =
            feature.category === undefined
              ? `${feature.field}`
              : `${feature.field},${feature.category}`;
          mean[row * order.length + place] = (wanted[key]![0] - feature.mean) / feature.deviation;
          variance[row * order.length + place] = wanted[key]![1] / feature.deviation ** 2;
        });
      }
      const made = drawRows(core, { mean, variance }, n, new RandomStream(seed, kind));
      const column = (field: number): number[] =>
        Array.from({ length: n }, (_, row) => made.data[row * 4 + field]!);
      const average = (values: readonly number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(average(column(0))).toBeCloseTo(3, 0);
      expect(average(column(0).map((value) => (value - 3) ** 2))).toBeCloseTo(4, 0);
      const visits = column(1);
      // Held between 0 and 9, the ends of what training saw: a normal of 4 ± 2 loses little.
      expect(Math.abs(average(visits) - 4)).toBeLessThan(kind === 'negative-binomial' ? 0.5 : 0.15);
      expect(Math.min(...visits)).toBeGreaterThanOrEqual(0);
      if (kind !== 'gaussian') expect(visits.every(Number.isInteger)).toBe(true);
      expect(Math.abs(average(column(2)) - 0.8)).toBeLessThan(0.04);
      const shares = [0, 1, 2].map((plan) =>
        average(column(3).map((value) => Number(value === plan))),
      );
      // What has no name is never drawn: the named ones share its part.
      [0.5, 0.3, 0.2].forEach((share, plan) =>
        expect(Math.abs(shares[plan]! - share)).toBeLessThan(0.04),
      );
      expect(drawRows(core, { mean, variance }, n, new RandomStream(seed, kind))).toEqual(made);
    },
  );
});

describe('encoded rows in the units of the table', () => {
  const quantiles = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.955, 0.99, 1];
  const fields = [
    numeric('rate', { minimum: 0, maximum: 1, quantiles } as object),
    numeric('size', { minimum: -100, maximum: 1e6, deviation: 3 } as object),
    count('visits'),
    binary('member', ['0', '1']),
    categorical('plan', ['free', 'pro']),
    cyclic('at', 'hour', 24),
  ];
  const schema = schemaOf(fields, 100);

  it('are held, rounded as the column is, and named', () => {
    const rows = rowsOf([
      [0.12345, 123456.7891234, 2.4, 1, 0, 13],
      [1.7, -3e5, -0.2, 0, 2, 0],
      [NaN, NaN, NaN, NaN, NaN, NaN],
    ]);
    expect(recordsOf(schema, rows)).toEqual([
      { rate: 0.12, size: 123456.7891, visits: 2, member: 1, plan: 'free', at: '2024-01-01 13:00:00' },
      { rate: 1, size: -100, visits: 0, member: 0, plan: null, at: '2024-01-01 00:00:00' },
      { rate: null, size: null, visits: null, member: null, plan: null, at: null },
    ]); // prettier-ignore
    expect(valueColumns(schema, rows).map(({ type }) => type)).toEqual([
      'double', 'double', 'integer', 'integer', 'integer', 'text',
    ].map((type, index) => (index === 4 ? 'text' : type))); // prettier-ignore
  });

  it('have times with the parts that they came of', () => {
    for (let month = 0; month < 12; month++) {
      for (let weekday = 0; weekday < 7; weekday++) {
        const text = timestampText(new Map([['month', month], ['weekday', weekday], ['hour', 9]] as const)); // prettier-ignore
        const date = new Date(`${text!.replace(' ', 'T')}Z`);
        expect([date.getUTCMonth(), (date.getUTCDay() + 6) % 7, date.getUTCHours()]).toEqual([
          month,
          weekday,
          9,
        ]);
        expect(date.getUTCDate()).toBeLessThanOrEqual(7);
      }
    }
    expect(timestampText(new Map([['weekday', 4]]))).toBe('2024-01-05');
    expect(timestampText(new Map([['hour', NaN]]))).toBeNull();
  });
});

describe('the stored posterior', () => {
  it('comes back with its bits, the first rows of the first member', async () => {
    const mean = Float32Array.from({ length: 2 * 600 * 2 }, (_, i) => Math.sin(i));
    const stored = storedPosterior({ mean, logVariance: mean.map((v) => v - 2) }, 600, 2);
    const read = readPosterior(stored, 2, true);
    expect([read.rows, read.mean]).toEqual([512, mean.slice(0, 1024)]);
    expect(read.deviation[3]).toBeCloseTo(Math.exp((mean[3]! - 2) / 2), 6);
    expect(readPosterior(stored, 2, false).deviation.every((value) => value === 0)).toBe(true);
    await expectError(() => readPosterior(undefined, 2, true), 'detect/configuration');
    await expectError(() => readPosterior(stored, 3, true), 'model/corrupt');
  });
});
