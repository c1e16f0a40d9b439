import type { Field } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anomalyKinds, injectAnomalies, shiftSizes, smallestShift } from '@unlikely/detect';
import type { AnomalyKind, InjectedRows } from '@unlikely/detect';
import type { EncodedRows } from '../src/modality/table/column/feature.ts';
import { healthOf } from '../src/modality/table/health.ts';
import { pValuesWithoutOrigin } from '../src/modality/table/power/p-values-without-origin.ts';
import { powerTest } from '../src/modality/table/power/power-test.ts';
import type { PowerInput, PowerTest } from '../src/modality/table/power/power-test.ts';
import { binary, categorical, count, cyclic, numeric } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { coreOf } from './support/small-model.ts';

const fields: readonly Field[] = [
  numeric('a'),
  count('visits'),
  categorical('plan', ['free', 'basic', 'pro']),
  binary('member'),
  cyclic('day', 'weekday', 7),
  numeric('b'),
];
const width = fields.length;
const categories = [0, 0, 3, 2, 7, 0];
const numbers = [0, 1, 5];

/** Two hidden groups; one cell in twenty is missing. */
function mixedRows(rows: number, seed: number): EncodedRows {
  const stream = new RandomStream(seed);
  return rowsOf(
    Array.from({ length: rows }, () => {
      const group = stream.integer(2);
      return [
        4 * group + stream.normal(),
        Math.round(20 * group + 5 * stream.uniform()),
        group + stream.integer(2),
        group,
        stream.integer(7),
        -3 * group + 0.1 * stream.normal(),
      ].map((value) => (stream.uniform() < 0.05 ? NaN : value));
    }),
  );
}

const heldOut = mixedRows(120, 1);
const reference = mixedRows(300, 2);
const inject = (seed: number = 3): InjectedRows[] =>
  injectAnomalies({ fields, heldOut, reference, seed });
const injected = inject();
const ofKind = (kind: AnomalyKind): InjectedRows => injected.find((each) => each.kind === kind)!;

/** Every made row beside the row that it was made of. */
function pairs({ rows, origin }: InjectedRows): { made: number[]; from: number[] }[] {
  const rowAt = ({ data }: EncodedRows, row: number): number[] =>
    Array.from(data.subarray(row * width, (row + 1) * width));
  return Array.from(origin, (from, row) => ({
    made: rowAt(rows, row),
    from: rowAt(heldOut, from),
  }));
}

const changed = ({ made, from }: { made: number[]; from: number[] }): number[] =>
  [...made.keys()].filter((field) => !Object.is(made[field], from[field]));

describe('injected anomalies', () => {
  it('are of every kind, the same for the same seed, and leave the rows as they were', () => {
    const before = [heldOut.data.slice(), reference.data.slice()];
    expect(injected.map(({ kind }) => kind)).toEqual(anomalyKinds);
    expect(inject()).toEqual(injected);
    expect([heldOut.data, reference.data]).toEqual(before);
    for (const [index, other] of inject(4).entries()) {
      expect(other.rows.data).not.toEqual(injected[index]!.rows.data);
    }
  });

  it.each(anomalyKinds)('%s: have no category that does not exist and no infinity', (kind) => {
    const { rows, origin, target } = ofKind(kind);
    expect(rows.data).toHaveLength(rows.rows * width);
    expect([origin.length, target.length]).toEqual([rows.rows, rows.rows]);
    expect(rows.rows).toBeGreaterThan(100);
    rows.data.forEach((value, at) => {
      if (Number.isNaN(value)) return;
      expect(Number.isFinite(value)).toBe(true);
      const size = categories[at % width]!;
      if (size === 0) return;
      expect(Number.isInteger(value) && value >= 0 && value < size).toBe(true);
    });
  });

  it('shift one number by exactly the size, counts upwards, and nothing else', () => {
    const { target } = ofKind('shift');
    const all = pairs(ofKind('shift'));
    const deviation = new Map<number, number>();
    all.forEach((pair, row) => {
      const { field, deviations } = target[row]!;
      expect(changed(pair)).toEqual([field]);
      const moved = (pair.made[field!]! - pair.from[field!]!) / deviations!;
      if (field === 1) expect(moved).toBeGreaterThan(0);
      const known = deviation.get(field!) ?? Math.abs(moved);
      deviation.set(field!, known);
      expect(Math.abs(moved)).toBeCloseTo(known, 9);
    });
    // The deviation is that of the present reference values.
    for (const field of numbers) {
      const values = Array.from(reference.data).filter(
        (value, at) => at % width === field && !Number.isNaN(value),
      );
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(deviation.get(field)).toBeCloseTo(Math.sqrt(square), 9);
    }
  });

  it('shift the same rows the same way by each size', () => {
    const { target, origin } = ofKind('shift');
    const bySize = shiftSizes.map((size) =>
      Array.from(origin).filter((_, row) => target[row]!.deviations === size),
    );
    for (const rows of bySize) expect(rows).toEqual(bySize[0]);
  });

  it('exchange one category for another', () => {
    pairs(ofKind('category')).forEach((pair, row) => {
      const { field } = ofKind('category').target[row]!;
      expect(changed(pair)).toEqual([field]);
      expect(categories[field!]).toBeGreaterThan(1);
      expect(Number.isNaN(pair.from[field!])).toBe(false);
    });
  });

  it('are locally noise on numbers alone, of the scale of the neighbours', () => {
    const all = pairs(ofKind('local'));
    for (const pair of all)
      expect(changed(pair).every((field) => numbers.includes(field))).toBe(true);
    // The groups lie 4 apart with deviation 1 in the first field: local noise is below 2, not about 5.
    const moves = all
      .map(({ made, from }) => made[0]! - from[0]!)
      .filter((move) => !Number.isNaN(move));
    const scale = Math.sqrt(moves.reduce((sum, move) => sum + move ** 2, 0) / moves.length);
    expect(scale).toBeGreaterThan(0.5);
    expect(scale).toBeLessThan(3);
  });

  it('are globally within the range of the column, a tenth wider', () => {
    for (const field of numbers) {
      const of = (rows: EncodedRows): number[] =>
        Array.from(rows.data).filter((value, at) => at % width === field && !Number.isNaN(value));
      const known = of(reference);
      const [least, most] = [Math.min(...known), Math.max(...known)];
      const slack = 0.05 * (most - least) + 1e-9;
      const made = of(ofKind('global').rows);
      expect(Math.min(...made)).toBeGreaterThanOrEqual(least - slack);
      expect(Math.max(...made)).toBeLessThanOrEqual(most + slack);
      expect(Math.max(...made) - Math.min(...made)).toBeGreaterThan(0.9 * (most - least));
    }
  });

  it('are clustered: few origins, alike within each, far from the mean', () => {
    const { origin } = ofKind('clustered');
    expect(new Set(origin).size).toBeLessThanOrEqual(5);
    const last = pairs(ofKind('clustered'))
      .map(({ made }) => made[5]!)
      .filter((value) => !Number.isNaN(value));
    const centre = -1.5;
    expect(Math.min(...last.map((value) => Math.abs(value - centre)))).toBeGreaterThan(3);
  });

  it('break dependencies with values of the column', () => {
    const { rows } = ofKind('dependency');
    fields.forEach((_, field) => {
      const known = new Set(
        Array.from(reference.data).filter((_value, at) => at % width === field),
      );
      const made = Array.from(rows.data).filter((_value, at) => at % width === field);
      expect(made.every((value) => known.has(value))).toBe(true);
    });
  });

  it.each(anomalyKinds)('%s: keep what is missing missing, unless columns are mixed', (kind) => {
    for (const { made, from } of pairs(ofKind(kind))) {
      if (kind === 'dependency') continue;
      expect(made.map(Number.isNaN)).toEqual(from.map(Number.isNaN));
    }
  });

  it('are only of the kinds that the columns allow', () => {
    const kindsOf = (some: readonly Field[], row: number[]): AnomalyKind[] => {
      const rows = rowsOf(Array.from({ length: 20 }, () => row));
      return injectAnomalies({ fields: some, heldOut: rows, reference: rows, seed: 1 }).map(
        ({ kind }) => kind,
      );
    };
    expect(kindsOf([numeric('a')], [1])).toEqual(['local', 'global', 'clustered', 'shift']);
    expect(kindsOf([binary('a'), binary('b')], [1, 0])).toEqual([
      'global',
      'dependency',
      'category',
    ]);
    expect(kindsOf([categorical('a', ['x'])], [0])).toEqual(['global']);
    expect(kindsOf([numeric('a'), binary('b')], [NaN, NaN])).toEqual([
      'local',
      'global',
      'clustered',
      'dependency',
    ]);
  });

  it('are of a part of the columns where there are very many', () => {
    const many = Array.from({ length: 300 }, (_, index) => numeric(`f${index}`));
    const rows = {
      data: Float64Array.from({ length: 300 * 20 }, (_, at) => Math.sin(at)),
      rows: 20,
    };
    const made = injectAnomalies({ fields: many, heldOut: rows, reference: rows, seed: 1 });
    const { target } = made.find(({ kind }) => kind === 'shift')!;
    expect(new Set(target.map(({ field }) => field)).size).toBe(100);
    for (const size of shiftSizes) {
      expect(target.filter(({ deviations }) => deviations === size)).toHaveLength(
        target.length / 5,
      );
    }
  });

  it('are few where rows are very wide', () => {
    const many = Array.from({ length: 2500 }, (_, index) => numeric(`f${index}`));
    const rows = {
      data: Float64Array.from({ length: 2500 * 20 }, (_, at) => Math.cos(at)),
      rows: 20,
    };
    const made = injectAnomalies({ fields: many, heldOut: rows, reference: rows, seed: 1 });
    const sizes = Object.fromEntries(made.map((each) => [each.kind, each.rows.rows]));
    expect(sizes).toEqual({ local: 50, global: 50, clustered: 50, dependency: 50, shift: 500 });
  });

  it('stay finite beside the largest numbers', () => {
    const huge = rowsOf([
      [Number.MAX_VALUE, 1],
      [-Number.MAX_VALUE, 2],
      [0, 3],
    ]);
    const two = [numeric('a'), numeric('b')];
    for (const { rows } of injectAnomalies({
      fields: two,
      heldOut: huge,
      reference: huge,
      seed: 1,
    })) {
      expect(rows.data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('p-values without the own origin', () => {
  it('are ranks among the other rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.nat()), { maxLength: 10 }),
        (calibration, made) => {
          const n = calibration.length;
          const origin = Int32Array.from(made, ([, from]) => from % n);
          const found = pValuesWithoutOrigin(
            Float64Array.from(calibration),
            Float64Array.from(made, ([score]) => score),
            origin,
          );
          made.forEach(([score], row) => {
            const others = calibration.filter((_, index) => index !== origin[row]);
            const expected = (1 + others.filter((other) => other >= score).length) / n;
            expect(found[row]).toBeCloseTo(expected, 12);
          });
        },
      ),
    );
  });

  it('flag no more of unchanged rows than was promised', () => {
    const stream = new RandomStream(1);
    const scores = Float64Array.from({ length: 500 }, () => stream.normal());
    const own = Int32Array.from(scores, (_, row) => row);
    for (const rate of [0.002, 0.01, 0.1, 0.5]) {
      const found = pValuesWithoutOrigin(scores, scores, own).filter((p) => p <= rate).length;
      expect(found / 500).toBeCloseTo(rate, 9);
    }
  });
});

/** Rows of independent standard normals with a score in closed form. */
function toy(
  score: (row: Float64Array) => number,
  columns: number,
  rows: number = 1000,
): PowerInput {
  const normals = (seed: number): EncodedRows => {
    const stream = new RandomStream(seed, 'toy');
    return { data: Float64Array.from({ length: rows * columns }, () => stream.normal()), rows };
  };
  const scored = ({ data, rows: size }: EncodedRows): Float64Array =>
    Float64Array.from({ length: size }, (_, row) =>
      score(data.subarray(row * columns, (row + 1) * columns)),
    );
  const part = (rows_: EncodedRows, value: (at: number) => number): Float64Array =>
    Float64Array.from({ length: rows_.rows * columns }, (_, at) => value(at));
  const own = normals(1);
  return {
    fields: Array.from({ length: columns }, (_, index) => numeric(`f${index}`)),
    heldOut: own,
    heldOutScores: scored(own),
    reference: normals(2),
    falsePositiveRate: 0.01,
    seed: 1,
    score: async (rows_) => ({
      score: scored(rows_),
      contribution: part(rows_, (at) => (Number.isNaN(rows_.data[at]!) ? 0 : rows_.data[at]! ** 2)),
      latent_share: new Float64Array(rows_.rows),
      usual_share: new Float64Array(rows_.rows),
      expected: part(rows_, () => 0),
      lower: part(rows_, () => -1),
      upper: part(rows_, () => 1),
    }),
    neutral: new Float32Array(columns),
    standardise: async ({ data, rows: size }) => ({
      data: Float32Array.from(data),
      rows: size,
      columns,
    }),
  };
}

const squares = (row: Float64Array): number =>
  row.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value * value), 0);

/** The distribution function of a standard normal (Abramowitz & Stegun 7.1.26, to 1e-7). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(x) / Math.SQRT2));
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * polynomial * Math.exp(-(x * x) / 2);
  return x > 0 ? 1 - upper : upper;
}

describe('a power test', () => {
  it('finds of shifted normals what the closed form says, more the larger the shift', async () => {
    const { fields: found, falsePositiveRate } = await powerTest({
      ...toy(squares, 1),
      falsePositiveRate: 0.05,
    });
    expect(falsePositiveRate).toBe(0.05);
    const shares = found[0]!.found;
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
    shiftSizes.forEach((size, place) => {
      const expected = normalShare(size - 1.96) + normalShare(-size - 1.96);
      expect(Math.abs(shares[place]! - expected)).toBeLessThan(0.1);
    });
    expect(smallestShift(found[0]!)).toBe(2);
  });

  it('is the same again, and changes nothing', async () => {
    const input = toy(squares, 3, 200);
    const before = input.heldOut.data.slice();
    const first = await powerTest(input);
    expect(await powerTest(input)).toEqual(first);
    expect(input.heldOut.data).toEqual(before);
    expect(first.explained).toBeGreaterThan(0.9);
    expect(first.heldOutRows).toBe(200);
  });

  it('gives the L2 norm the AUROC of the L2 norm', async () => {
    const { kinds } = await powerTest(toy(squares, 4));
    for (const { auroc, baselines } of kinds) {
      const l2 = baselines.find(({ name }) => name === 'l2-norm')!;
      expect(Math.abs(l2.auroc - auroc)).toBeLessThan(1e-3);
    }
  });

  it('promises no less than so few rows can', async () => {
    const { falsePositiveRate } = await powerTest(toy(squares, 2, 20));
    expect(falsePositiveRate).toBe(0.05);
  });

  it('shows what a blind detector does not see', async () => {
    const blind = await powerTest(toy((row) => (Number.isNaN(row[0]!) ? 0 : row[0]! ** 2), 2));
    expect(smallestShift(blind.fields[0]!)).toBe(3);
    expect(smallestShift(blind.fields[1]!)).toBe(null);
    expect(Math.max(...blind.fields[1]!.found)).toBeLessThan(0.05);
  });
});

describe('health by the power test', () => {
  const core = coreOf(
    [numeric('a'), numeric('b')],
    rowsOf([
      [1, 2],
      [2, 1],
    ]),
  );
  const scores = Float64Array.from({ length: 50 }, (_, row) => Math.sin(row));
  const health = (power: PowerTest) =>
    healthOf({
      core,
      activeUnits: 2,
      deviations: [0.3, 0.4],
      trainingScores: scores,
      calibrationScores: scores,
      power,
    });

  it('calls a model useless that every simple method beats, and good one that beats them', async () => {
    const good = health(await powerTest(toy(squares, 3, 300)));
    expect([good.verdict, good.findings]).toEqual(['good', []]);
    const useless = health(await powerTest(toy((row) => -squares(row), 3, 300)));
    expect(useless.verdict).toBe('useless');
    expect(useless.findings.join()).toMatch(/Every simple method .* L2 norm 0\.\d{3}/);
    expect(useless.power!.auroc).toBeLessThan(0.5);
  });

  it('calls a model weak that one of them beats clearly', async () => {
    const power = await powerTest(toy(squares, 3, 300));
    const better = power.baselines.map((each) =>
      each.name === 'nearest-neighbours' ? { ...each, auroc: power.auroc + 0.04 } : each,
    );
    const weak = health({ ...power, baselines: better });
    expect(weak.verdict).toBe('weak');
    expect(weak.findings.join()).toContain('5 nearest neighbours');
    const level = power.baselines.map((each) => ({ ...each, auroc: power.auroc - 0.001 }));
    expect(health({ ...power, baselines: level }).verdict).toBe('good');
  });
});
