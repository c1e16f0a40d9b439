import { describe, expect, it } from 'vitest';
import { RandomStream, writeModel } from '@unlikely/graph';
import type { Field } from '@unlikely/data';
import type { Configuration } from '../src/modality/table/configuration.ts';
import { logMeanExp, referenceMembers, referenceTerms } from './support/reference-score.ts';
import type { ReferenceCodes } from './support/reference-score.ts';
import { scoreKinds, weighsEvidence } from '../src/modality/table/score-kind.ts';
import type { PlainScoreKind } from '../src/modality/table/score-kind.ts';
import { storeCodes } from '../src/score/aggregate-posterior.ts';
import { scoringProgram } from '../src/modality/table/score/scoring-program.ts';
import type { ModelCore } from '../src/modality/table/core.ts';
import { binary, categorical, count, cyclic, numeric } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { float64, runProgram } from './support/run-graph.ts';
import { coreOf, randomTheta } from './support/small-model.ts';

const fields = [numeric('a'), numeric('b'), numeric('c')];
const stream = new RandomStream(1, 'rows');
const table = Array.from({ length: 40 }, () => [
  5 + 2 * stream.normal(),
  stream.normal() - 1,
  100 * stream.normal(),
]);
const latentSize = 2;

/** Codes of no meaning: K for each member. */
function makeCodes(
  members: number,
  stored: number,
): { codes: ReferenceCodes[]; storedCodes: ReturnType<typeof storeCodes> } {
  const means = new Float32Array(members * stored * latentSize).map(() => stream.normal());
  const logVariances = means.map(() => -1 + 0.3 * stream.normal());
  const codes = Array.from({ length: members }, (_, member): ReferenceCodes => {
    const cut = (pick: (at: number) => number): number[][] =>
      Array.from({ length: stored }, (_unused, n) =>
        Array.from({ length: latentSize }, (_none, k) =>
          pick((member * stored + n) * latentSize + k),
        ),
      );
    return {
      means: cut((at) => means[at]!),
      variances: cut((at) => Math.exp(logVariances[at]!) + 0.01),
    };
  });
  return {
    codes,
    storedCodes: storeCodes(means, logVariances, [members, stored, latentSize], 0.01),
  };
}

interface Scored {
  score: number[];
  standard_error: number[];
  contribution: number[];
  latent_share: number[];
  expected: number[];
  lower: number[];
  upper: number[];
  code: number[];
}

async function score(
  core: ModelCore,
  theta: Float32Array,
  rows: readonly (readonly number[])[],
  options: { storedCodes?: ReturnType<typeof storeCodes>; neutral?: Float32Array } = {},
): Promise<Scored> {
  const graph = scoringProgram({
    core,
    theta,
    storedCodes: options.storedCodes,
    neutral: options.neutral ?? new Float32Array(core.fields.length),
  });
  const feeds = { rows: float64(rows.flat(), rows.length, core.fields.length) };
  return (await runProgram(writeModel(graph), feeds)) as unknown as Scored;
}

const standardised = (core: ModelCore, row: readonly number[]): number[] =>
  core.features.map(({ field, mean, deviation }) => (row[field]! - mean) / deviation);

const limited = (value: number, limit: number): number =>
  value <= limit ? value : limit + Math.log(1 + value - limit);

function expectNear(actual: readonly number[], wanted: readonly number[], tolerance = 2e-4): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, index) => {
    const allowed = tolerance * Math.max(1, Math.abs(wanted[index]!));
    expect(
      Math.abs(value - wanted[index]!),
      `${index}: ${value} for ${wanted[index]}`,
    ).toBeLessThanOrEqual(allowed);
  });
}

const options: Partial<Configuration> = {
  encoderSizes: [5],
  latentSize,
  deviationFloor: 0.3,
  score: 'elbo',
};

const plainKinds = scoreKinds.filter((kind): kind is PlainScoreKind => !weighsEvidence(kind));

describe.each(plainKinds)('score %s', (kind) => {
  it.each([
    { members: 1, samples: 0 },
    { members: 1, samples: 1 },
    { members: 2, samples: 4 },
    { members: 3, samples: 3 },
  ])('is that of the equations for %j', async ({ members, samples }) => {
    const core = coreOf(fields, rowsOf(table), {
      ...options,
      members,
      samples,
      score: kind,
      contributionLimit: 3,
    });
    const theta = randomTheta(core, 3, 0.6);
    const { codes, storedCodes } = makeCodes(members, 7);
    const rows = [...table.slice(0, 5), [60, -1, 0], [5, NaN, 3]];
    const found = await score(core, theta, rows, {
      storedCodes,
      neutral: Float32Array.of(0.5, 0.25, -1),
    });
    const wanted = rows.map((row) => {
      // The limit acts on each field and the code of each member alone.
      const alone = referenceMembers(core, theta, standardised(core, row)).map((member, index) =>
        referenceTerms(kind, [member], [codes[index]!]),
      );
      const mean = (values: readonly number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      const features = row.map((cell, j) => {
        if (Number.isNaN(cell)) return [0.5, 0.25, -1][j]!;
        const own = alone.map((terms) => terms.features[j]!);
        return mean(kind === 'reconstruction-error' ? own : own.map((value) => limited(value, 3)));
      });
      const shares = alone.map((terms) => terms.latent);
      const latent = mean(
        kind === 'reconstruction-error' ? shares : shares.map((value) => limited(value, 3)),
      );
      return {
        features,
        latent,
        score: features.reduce((a, b) => a + b, latent),
      };
    });
    expectNear(
      found.contribution,
      wanted.flatMap(({ features }) => features),
    );
    expectNear(
      found.latent_share,
      wanted.map(({ latent }) => latent),
    );
    expectNear(
      found.score,
      wanted.map((entry) => entry.score),
    );
  });

  it('adds up exactly from what the fields and the code contribute', async () => {
    const mixed: Field[] = [
      numeric('n'),
      categorical('k', ['x', 'y']),
      count('c'),
      binary('b'),
      cyclic('w', 'weekday', 7),
    ];
    const rows = Array.from({ length: 50 }, (_, row) => [
      Math.sin(row),
      row % 3,
      row % 5,
      row % 2,
      row % 7,
    ]);
    rows[3]![1] = NaN;
    rows[4] = [1e300, 2, 1e9, 2, 3];
    const core = coreOf(mixed, rowsOf(rows.slice(5)), {
      ...options,
      members: 2,
      samples: 4,
      score: kind,
    });
    const { storedCodes } = makeCodes(2, 5);
    const neutral = Float32Array.of(0.1, 0.7, 0.3, 0.01, 2);
    const found = await score(core, randomTheta(core, 9), rows, { storedCodes, neutral });
    found.score.forEach((value, row) => {
      const parts = found.contribution.slice(row * 5, row * 5 + 5);
      expect(value).toBe(parts.reduce((sum, part) => sum + part, 0) + found.latent_share[row]!);
      expect(Number.isFinite(value)).toBe(true);
    });
    expect(found.contribution[3 * 5 + 1]).toBe(Math.fround(0.7));
  });

  it('has the standard error of its mean over the draws', async () => {
    const core = coreOf(fields, rowsOf(table), { ...options, members: 2, samples: 4, score: kind });
    const theta = randomTheta(core, 5, 0.6);
    const { codes, storedCodes } = makeCodes(2, 7);
    const found = await score(core, theta, table.slice(0, 6), { storedCodes });
    const wanted = table.slice(0, 6).map((row) => {
      const members = referenceMembers(core, theta, standardised(core, row));
      const totals = members.flatMap((member, index) => {
        const one = [member];
        const alone = referenceTerms(kind, one, [codes[index]!]);
        if (kind === 'latent') return [alone.latent];
        if (kind === 'iwae') {
          const bound = alone.features.reduce((a, b) => a + b, alone.latent);
          const logWeights = member.draws.map((draw) => {
            const single = referenceTerms('iwae', [{ ...member, draws: [draw] }]);
            return -single.features.reduce((a, b) => a + b, single.latent);
          });
          return logWeights.map((value) => bound + 1 - Math.exp(value - logMeanExp(logWeights)));
        }
        return member.draws.map((draw) => {
          const terms = referenceTerms(kind, [{ ...member, draws: [draw] }], [codes[index]!]);
          return terms.features.reduce((a, b) => a + b, terms.latent);
        });
      });
      const mean = totals.reduce((a, b) => a + b, 0) / totals.length;
      const square = totals.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return Math.sqrt(square / (totals.length - 1) / totals.length);
    });
    expectNear(found.standard_error, wanted, 1e-3);
    expect(Math.max(...wanted)).toBeGreaterThan(0);
  });
});

describe('scores', () => {
  it.each([2, 8, 64])(
    'of %i importance-weighted points never exceed their plain mean',
    async (samples) => {
      const setup = { ...options, members: 1, samples, contributionLimit: 1e6 };
      const core = coreOf(fields, rowsOf(table), { ...setup, score: 'iwae' });
      const theta = randomTheta(core, 3, 0.6);
      const { score: bounds } = await score(core, theta, table);
      let gap = 0;
      table.forEach((row, index) => {
        const [member] = referenceMembers(core, theta, standardised(core, row));
        // By Jensen's inequality: −log mean w ≤ mean −log w over the same points.
        const single = member!.draws.map((draw) => {
          const terms = referenceTerms('iwae', [{ ...member!, draws: [draw] }]);
          return terms.features.reduce((a, b) => a + b, terms.latent);
        });
        const plain = single.reduce((a, b) => a + b, 0) / samples;
        expect(bounds[index]!).toBeLessThanOrEqual(plain + 1e-3 * Math.max(1, Math.abs(plain)));
        gap += plain - bounds[index]!;
      });
      expect(gap / table.length).toBeGreaterThan(0.01);
      const elbo = await score(
        coreOf(fields, rowsOf(table), { ...setup, score: 'elbo' }),
        theta,
        table,
      );
      const average = (values: number[]): number =>
        values.reduce((a, b) => a + b, 0) / values.length;
      // The evidence lower bound has the exact KL term where these have that of their points.
      if (samples === 64) expect(average(bounds)).toBeLessThan(average(elbo.score));
    },
  );

  it('have a smaller standard error with more latent points, and none with one', async () => {
    const errors: number[] = [];
    for (const samples of [1, 4, 64]) {
      const core = coreOf(fields, rowsOf(table), {
        ...options,
        members: 1,
        samples,
        score: 'elbo',
      });
      const { standard_error: all } = await score(core, randomTheta(core, 3, 0.6), table);
      errors.push(all.reduce((a, b) => a + b, 0) / all.length);
    }
    expect(errors[0]).toBe(0);
    expect(errors[2]!).toBeLessThan(errors[1]! / 2);
    expect(errors[2]!).toBeGreaterThan(0);
  });

  it('rise strictly with the evidence of a feature, also beyond the limit', async () => {
    const core = coreOf(fields, rowsOf(table), {
      ...options,
      members: 1,
      samples: 0,
      score: 'reconstruction-probability',
      contributionLimit: 3,
    });
    // Without weights every feature is expected at its mean.
    const theta = new Float32Array(core.parameterCount);
    const far = Array.from({ length: 60 }, (_, step) => 1.1 ** step);
    const inRange = far.filter((distance) => distance < 1000);
    const { deviation, mean } = core.features[0]!;
    const rows = inRange.map((distance) => [
      mean + distance * deviation,
      core.features[1]!.mean,
      core.features[2]!.mean,
    ]);
    const { score: scores, contribution } = await score(core, theta, rows);
    for (let row = 1; row < scores.length; row++)
      expect(scores[row]!).toBeGreaterThan(scores[row - 1]!);
    const jump = contribution.filter((_, at) => at % 3 === 0);
    expect(Math.max(...jump)).toBeLessThan(3 + Math.log(1e7));
    expect(Math.min(...jump)).toBeLessThan(3);
  });

  it('predict mean and interval of numbers in their own units', async () => {
    const core = coreOf(fields, rowsOf(table), { ...options, members: 1, samples: 4 });
    const theta = randomTheta(core, 8, 0.6);
    const found = await score(core, theta, [table[0]!]);
    const [member] = referenceMembers(core, theta, standardised(core, table[0]!));
    core.features.forEach(({ mean, deviation }, j) => {
      const means = member!.draws.map((draw) => draw.decodedMean[j]!);
      const centre = means.reduce((a, b) => a + b, 0) / means.length;
      expect(found.expected[j]).toBeCloseTo(mean + centre * deviation, 2);
      expect(found.lower[j]!).toBeLessThan(found.expected[j]!);
      const half = (found.upper[j]! - found.lower[j]!) / 2 / deviation / 1.6448536;
      const spread = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / means.length;
      expect(half ** 2).toBeGreaterThan(spread);
      // Never wider than the column itself and the spread of the draws.
      expect(half ** 2).toBeLessThan(spread + 1.001);
      expect(found.upper[j]! - found.expected[j]!).toBeCloseTo(
        found.expected[j]! - found.lower[j]!,
        2,
      );
    });
    expectNear(found.code, member!.mean);
  });

  it('predict the most probable category of binary, categorical and cyclic fields', async () => {
    const mixed = [
      binary('b'),
      categorical('k', ['x', 'y', 'z']),
      cyclic('w', 'weekday', 7),
      categorical('one', ['x']),
    ];
    const rows = Array.from({ length: 90 }, (_, row) => [
      Number(row % 10 === 0),
      row % 4 === 0 ? 1 : 2,
      row % 3 === 0 ? 6 : 5,
      0,
    ]);
    for (const likelihoods of [
      { numeric: 'gaussian', count: 'gaussian', binary: 'gaussian', categorical: 'gaussian' },
      { numeric: 'gaussian', count: 'gaussian', binary: 'bernoulli', categorical: 'categorical' },
    ] as const) {
      const core = coreOf(mixed, rowsOf(rows), { ...options, likelihoods });
      const theta = new Float32Array(core.parameterCount);
      const biasEnd = core.parameterCount;
      // Zero weights: Gaussian means are the shares of training; a softmax and a sigmoid need log-odds.
      if (likelihoods.binary === 'bernoulli') {
        const outputs = core.shape.outputs;
        const share = (field: number, category: number) =>
          rows.filter((row) => row[field] === category).length / rows.length;
        const order = core.blocks.flatMap((block) => block.features);
        const logits = order.map((index) => {
          const { field, category } = core.features[index]!;
          const p = Math.max(1e-6, share(field, category!));
          return field === 0 ? Math.log(p / (1 - p)) : Math.log(p);
        });
        for (let member = 0; member < core.shape.members; member++) {
          theta.set(logits, biasEnd - (core.shape.members - member) * outputs);
        }
      }
      const found = await score(core, theta, [rows[0]!, [1, 0, 0, 1], [NaN, NaN, NaN, NaN]]);
      for (let row = 0; row < 3; row++) {
        expect(found.expected.slice(4 * row, 4 * row + 4)).toEqual([0, 2, 5, 0]);
      }
      expect(found.lower).toEqual(found.expected);
    }
  });

  it('predict a binary field on both sides of one half', async () => {
    for (const [share, category] of [
      [0.3, 0],
      [0.7, 1],
    ]) {
      const rows = Array.from({ length: 100 }, (_, row) => [Number(row < 100 * share!), row % 2]);
      const core = coreOf([binary('b'), numeric('n')], rowsOf(rows), options);
      const found = await score(core, new Float32Array(core.parameterCount), [rows[0]!]);
      expect(found.expected[0]).toBe(category);
      expect(found.expected[1]).toBeCloseTo(0.5, 6);
    }
  });
});
