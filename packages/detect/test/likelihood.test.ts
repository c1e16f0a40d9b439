import { readFileSync } from 'node:fs';
import { input } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../src/modality/table/column/feature.ts';
import { likelihoods } from '../src/modality/table/likelihood/likelihoods.ts';
import type { LikelihoodKind } from '../src/modality/table/likelihood/likelihood.ts';
import { logGamma } from '../src/modality/table/likelihood/log-gamma.ts';
import { evaluate, float32 } from './support/run-graph.ts';

interface Golden {
  gaussian: {
    floor: number;
    x: number;
    mean: number;
    a: number;
    variance: number;
    value: number;
  }[];
  bernoulli: { t: number; a: number; value: number }[];
  poisson: { k: number; rate: number; value: number }[];
  negativeBinomial: { k: number; mean: number; size: number; value: number }[];
  logGamma: { x: number; value: number }[];
}

const golden = JSON.parse(
  readFileSync(new URL('./fixtures/likelihood-golden.json', import.meta.url), 'utf8'),
) as Golden;

/** One feature in raw units: mean 0, deviation 1, unless said otherwise. */
const plain = (more: Partial<Feature> = {}): Feature => ({
  field: 0,
  logarithm: false,
  mean: 0,
  deviation: 1,
  ...more,
});

interface Question {
  readonly kind: LikelihoodKind;
  /** Standardised, one element a row: [rows, features]. */
  readonly x: readonly (readonly number[])[];
  /** For each parameter [rows, features]. */
  readonly outputs: readonly (readonly (readonly number[])[])[];
  readonly features?: readonly Feature[];
  readonly deviationFloor?: number;
}

/** −log p, mean and variance of every feature of every row, [rows · features]. */
async function ask({ kind, x, outputs, features, deviationFloor = 0.03 }: Question) {
  const width = x[0]!.length;
  const context = { features: features ?? x[0]!.map(() => plain()), deviationFloor };
  const value = input('x', ['rows', width]);
  const decoded = outputs.map((_, index) => input(`output${index}`, ['rows', width]));
  const { mean, variance } = likelihoods[kind].moments(decoded, context);
  const tensor = (rows: readonly (readonly number[])[]) => float32(rows.flat(), rows.length, width);
  const answer = await evaluate(
    [value, ...decoded],
    { surprise: likelihoods[kind].negativeLogLikelihood(value, decoded, context), mean, variance },
    {
      x: tensor(x),
      ...Object.fromEntries(outputs.map((rows, index) => [`output${index}`, tensor(rows)])),
    },
  );
  return answer as { surprise: number[]; mean: number[]; variance: number[] };
}

const column = (values: readonly number[]): number[][] => values.map((value) => [value]);

function expectNear(
  actual: readonly number[],
  expected: readonly number[],
  relative: number,
): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => {
    const wanted = expected[index]!;
    const tolerance = relative * Math.max(1, Math.abs(wanted));
    expect(Math.abs(value - wanted), `${index}: ${value} for ${wanted}`).toBeLessThanOrEqual(
      tolerance,
    );
  });
}

describe('log Γ', () => {
  it('agrees with SciPy from 0.001 to 1,000,000 to seven digits', async () => {
    const x = input('x', ['n']);
    const points = golden.logGamma.map((entry) => Math.fround(entry.x));
    const { y } = await evaluate([x], { y: logGamma(x) }, { x: float32(points) });
    // The argument is rounded to float32: x digamma(x) 6e-8 of it, at most log x · x · 6e-8.
    expectNear(
      y!,
      golden.logGamma.map(({ value }) => value),
      2e-6,
    );
  });
});

/** ONNX Runtime's sigmoid is right to some 3e-8, and 1 / floor² multiplies that. */
const sigmoidError = 5e-5;

describe('Gaussian', () => {
  it('is the density with the bounded deviation of the recipe', async () => {
    for (const floor of new Set(golden.gaussian.map((entry) => entry.floor))) {
      const cases = golden.gaussian.filter((entry) => entry.floor === floor);
      const answer = await ask({
        kind: 'gaussian',
        x: column(cases.map(({ x }) => x)),
        outputs: [column(cases.map(({ mean }) => mean)), column(cases.map(({ a }) => a))],
        deviationFloor: floor,
      });
      expectNear(
        answer.surprise,
        cases.map(({ value }) => value),
        sigmoidError,
      );
      expectNear(
        answer.variance,
        cases.map(({ variance }) => variance),
        sigmoidError,
      );
      expectNear(
        answer.mean,
        cases.map(({ mean }) => mean),
        1e-7,
      );
    }
  });

  it('keeps the deviation between the floor and that of the column', async () => {
    const extremes = [-1e30, -1e4, 1e4, 1e30];
    const { variance } = await ask({
      kind: 'gaussian',
      x: column(extremes.map(() => 0)),
      outputs: [column(extremes.map(() => 0)), column(extremes)],
    });
    const smallest = 1 / (1 + 0.03 ** -2);
    expectNear(variance, [1, 1, smallest, smallest], 1e-6);
  });

  it('integrates to one', async () => {
    const grid = Array.from({ length: 4001 }, (_, index) => (index - 2000) / 200);
    const { surprise } = await ask({
      kind: 'gaussian',
      x: column(grid),
      outputs: [column(grid.map(() => 0.7)), column(grid.map(() => -1))],
      deviationFloor: 0.2,
    });
    expect(surprise.reduce((sum, value) => sum + Math.exp(-value) / 200, 0)).toBeCloseTo(1, 4);
  });
});

describe('Bernoulli', () => {
  const feature = plain({ category: 1, mean: 0.3, deviation: 0.4 });
  const standard = (t: number): number => (t - 0.3) / 0.4;

  it('agrees with SciPy', async () => {
    const { surprise } = await ask({
      kind: 'bernoulli',
      x: column(golden.bernoulli.map(({ t }) => standard(t))),
      outputs: [column(golden.bernoulli.map(({ a }) => a))],
      features: [feature],
    });
    expectNear(
      surprise,
      golden.bernoulli.map(({ value }) => value),
      2e-6,
    );
  });

  it('has probabilities that add up to one, and its moments, in standardised units', async () => {
    const logits = [-50, -3, 0, 1.2, 50];
    const both = [0, 1].map((t) =>
      ask({
        kind: 'bernoulli',
        x: column(logits.map(() => standard(t))),
        outputs: [column(logits)],
        features: [feature],
      }),
    );
    const [zero, one] = await Promise.all(both);
    logits.forEach((logit, index) => {
      const [p0, p1] = [Math.exp(-zero!.surprise[index]!), Math.exp(-one!.surprise[index]!)];
      expect(p0 + p1).toBeCloseTo(1, 5);
      const p = 1 / (1 + Math.exp(-Math.max(-10, Math.min(10, logit))));
      expect(p1).toBeCloseTo(p, 5);
      expect(one!.mean[index]).toBeCloseTo(standard(p), 5);
      expect(one!.variance[index]).toBeCloseTo((p * (1 - p)) / 0.16, 5);
    });
  });
});

describe('categorical', () => {
  it('gives the smoothed softmax, adds up to one, and no category is impossible', async () => {
    const features = [0.2, 0.5, 0.3].map((mean, category) =>
      plain({ category, mean, deviation: Math.sqrt(mean * (1 - mean)) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 3, maxLength: 3 }),
        async (logits) => {
          const rows = [0, 1, 2].map((chosen) =>
            features.map(
              ({ mean, deviation }, category) => (Number(category === chosen) - mean) / deviation,
            ),
          );
          const { surprise, mean } = await ask({
            kind: 'categorical',
            x: rows,
            outputs: [rows.map(() => logits)],
            features,
          });
          const top = Math.max(...logits);
          const weights = logits.map((logit) => Math.exp(logit - top));
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const expected = weights.map((weight) => (0.999 * weight) / total + 0.001 / 3);
          const found = rows.map((_, row) =>
            Math.exp(-surprise.slice(3 * row, 3 * row + 3).reduce((sum, value) => sum + value, 0)),
          );
          expectNear(found, expected, 1e-5);
          expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
          features.forEach((feature, index) => {
            const p = mean[index]! * feature.deviation + feature.mean;
            expect(p).toBeCloseTo(expected[index]!, 5);
          });
        },
      ),
      { seed: 1, numRuns: 15 },
    );
  });

  it('knows a field of one category and its unseen ones', async () => {
    const features = [plain({ category: 0, mean: 1 }), plain({ category: 1, mean: 0 })];
    const { surprise } = await ask({
      kind: 'categorical',
      x: [
        [0, 0],
        [-1, 1],
      ],
      outputs: [
        [
          [9, -9],
          [9, -9],
        ],
      ],
      features,
    });
    expect(surprise[0]! + surprise[1]!).toBeCloseTo(0, 2);
    expect(surprise[2]! + surprise[3]!).toBeCloseTo(-Math.log(0.0005), 2);
  });
});

describe('Poisson', () => {
  const centre = 4;

  it('agrees with SciPy up to counts of 3,000', async () => {
    const { surprise } = await ask({
      kind: 'poisson',
      x: column(golden.poisson.map(({ k }) => (k - centre) / 5)),
      outputs: [column(golden.poisson.map(({ rate }) => Math.log(rate / centre)))],
      features: [plain({ mean: centre, deviation: 5 })],
    });
    const largest = golden.poisson.map(({ k, rate }) => Math.max(1, rate, k * Math.log(k + 1)));
    surprise.forEach((value, index) => {
      const error = Math.abs(value - golden.poisson[index]!.value);
      expect(error, JSON.stringify(golden.poisson[index])).toBeLessThan(
        1e-6 * largest[index]! + 1e-5,
      );
    });
  });

  it('has the moments of the distribution, also behind a logarithm', async () => {
    const rate = 6;
    const straight = await ask({
      kind: 'poisson',
      x: [[0]],
      outputs: [[[Math.log(rate / centre)]]],
      features: [plain({ mean: centre, deviation: 5 })],
    });
    expect(straight.mean[0]).toBeCloseTo((rate - centre) / 5, 5);
    expect(straight.variance[0]).toBeCloseTo(rate / 25, 5);
    const heavy = await ask({
      kind: 'poisson',
      x: [[(Math.log1p(3) - 1.5) / 0.7]],
      outputs: [[[Math.log(rate) - 1.5]]],
      features: [plain({ mean: 1.5, deviation: 0.7, logarithm: true })],
    });
    expect(heavy.mean[0]).toBeCloseTo((Math.log1p(rate) - 1.5) / 0.7, 5);
    expect(heavy.variance[0]).toBeCloseTo(rate / (7 * 0.7) ** 2, 5);
    expect(heavy.surprise[0]).toBeCloseTo(rate - 3 * Math.log(rate) + Math.log(6), 4);
  });

  it('takes the logarithm of those columns alone that have it', async () => {
    const { surprise } = await ask({
      kind: 'poisson',
      x: [[(3 - centre) / 5, (Math.log1p(3) - 1.5) / 0.7]],
      outputs: [[[Math.log(6 / centre), Math.log(6) - 1.5]]],
      features: [
        plain({ mean: centre, deviation: 5 }),
        plain({ field: 1, mean: 1.5, deviation: 0.7, logarithm: true }),
      ],
    });
    expect(surprise[0]).toBeCloseTo(surprise[1]!, 4);
  });

  it('adds up to one', async () => {
    const counts = Array.from({ length: 60 }, (_, k) => k);
    const { surprise } = await ask({
      kind: 'poisson',
      x: column(counts),
      outputs: [column(counts.map(() => Math.log(8 / 2)))],
      features: [plain({ mean: 2 })],
    });
    // x is the raw count less the mean.
    const shifted = surprise.slice(0);
    expect(shifted.slice(0, 58).reduce((sum, value) => sum + Math.exp(-value), 0)).toBeCloseTo(
      1 - Math.exp(-8) * (1 + 8),
      4,
    );
  });
});

describe('negative binomial', () => {
  const centre = 3;

  it('agrees with SciPy', async () => {
    const cases = golden.negativeBinomial;
    const { surprise, mean, variance } = await ask({
      kind: 'negative-binomial',
      x: column(cases.map(({ k }) => k - centre)),
      outputs: [
        column(cases.map((entry) => Math.log(entry.mean / centre))),
        column(cases.map(({ size }) => Math.log(size))),
      ],
      features: [plain({ mean: centre })],
    });
    surprise.forEach((value, index) => {
      const { k, size, value: expected } = cases[index]!;
      const largest = (k + size) * Math.log(k + size + 2);
      expect(Math.abs(value - expected), JSON.stringify(cases[index])).toBeLessThan(
        4e-7 * largest + 2e-5,
      );
    });
    expectNear(
      mean,
      cases.map((entry) => entry.mean - centre),
      1e-5,
    );
    expectNear(
      variance,
      cases.map((entry) => entry.mean + entry.mean ** 2 / entry.size),
      1e-5,
    );
  });

  it('adds up to one', async () => {
    const counts = Array.from({ length: 400 }, (_, k) => k);
    const { surprise } = await ask({
      kind: 'negative-binomial',
      x: column(counts.map((k) => k - 1)),
      outputs: [column(counts.map(() => Math.log(5))), column(counts.map(() => 0.3))],
      features: [plain({ mean: 1 })],
    });
    expect(surprise.reduce((sum, value) => sum + Math.exp(-value), 0)).toBeCloseTo(1, 3);
  });
});

describe('every likelihood', () => {
  it.each([
    'gaussian',
    'bernoulli',
    'categorical',
    'poisson',
    'negative-binomial',
    'squared-error',
  ] as const)('%s is finite for whatever a table and a network can give', async (kind) => {
    const extremes = [-1000, -30, 0, 0.5, 1000];
    const outputs = [-1e6, -50, 0, 50, 1e6];
    const rows = extremes.flatMap((x) => outputs.map((a) => [x, a] as const));
    for (const feature of [
      plain({ category: 0, mean: 0.5, deviation: 0.5 }),
      plain({ category: 0, mean: 40, deviation: 1e7 }),
      ...(kind === 'bernoulli' || kind === 'categorical'
        ? []
        : [plain({ mean: 30, deviation: 20, logarithm: true })]),
    ]) {
      if ((kind === 'bernoulli' || kind === 'categorical') && feature.deviation > 1) continue;
      const answer = await ask({
        kind,
        x: column(rows.map(([x]) => x)),
        outputs: Array.from({ length: likelihoods[kind].parameters }, () =>
          column(rows.map(([, a]) => a)),
        ),
        features: [feature],
      });
      for (const values of Object.values(answer)) expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it('squared error is (x − m)² with a variance of one half', async () => {
    const answer = await ask({ kind: 'squared-error', x: [[2], [-1]], outputs: [[[0.5], [1]]] });
    expect(answer).toEqual({ surprise: [2.25, 4], mean: [0.5, 1], variance: [0.5, 0.5] });
  });
});
