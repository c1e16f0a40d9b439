import type { Field } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '@unlikely/detect';
import { completeConfiguration } from '../src/modality/table/check-configuration.ts';
import type { EncodedRows } from '../src/modality/table/column/feature.ts';
import type { Configuration } from '../src/modality/table/configuration.ts';
import { healthOf } from '../src/modality/table/health.ts';
import type { ModelFile } from '../src/modality/table/model.ts';
import { ModelScorer } from '../src/modality/table/scorer.ts';
import { scoredBy } from '../src/modality/table/scored-by.ts';
import { encodingProgram } from '../src/modality/table/encode/encoding-program.ts';
import { tableBlockRows } from '../src/score/block-rows.ts';
import { Blocks } from '../src/score/blocks.ts';
import { fastForm } from '../src/modality/table/score/trained-networks.ts';
import { splitRows } from '../src/modality/table/train/choose-rows.ts';
import { calibrationRowCount } from '../src/train/calibration-rows.ts';
import { fitModel } from '../src/modality/table/fit.ts';
import { binary, categorical, count, cyclic, numeric, schemaOf } from './support/fields.ts';
import { platform, testRuntime } from './support/platform.ts';
import { correlatedRows, encodedOf, rowsOf, sliceRows } from './support/rows.ts';
import { coreOf, randomTheta, small } from './support/small-model.ts';

const fit = (
  fields: readonly Field[],
  rows: EncodedRows,
  options: Partial<Configuration>,
): Promise<ModelFile> =>
  fitModel({
    schema: schemaOf(fields, rows.rows),
    rows,
    rowsRead: rows.rows,
    platform,
    options: { configuration: completeConfiguration({ ...small, ...options }) },
  });

const fieldsOf = (columns: number): Field[] =>
  Array.from({ length: columns }, (_, index) => numeric(`f${index}`));

async function scoresOf(model: ModelFile, rows: EncodedRows): Promise<Float64Array> {
  await using scorer = new ModelScorer(model, platform);
  return (await (await scorer.scorer('scores')).run({ rows: rows.data }, rows.rows)).score;
}

describe('likelihoods of columns', () => {
  const fields = [
    count('visits'),
    binary('member'),
    categorical('plan', ['free', 'basic', 'pro']),
    cyclic('day', 'weekday', 7),
    numeric('height'),
  ];
  /** One hidden number decides all columns; odd rows have columns that do not belong together. */
  const rows = (size: number, seed: number, odd: boolean): number[][] => {
    const stream = new RandomStream(seed);
    return Array.from({ length: size }, () => {
      const draw = () => stream.uniform();
      const shared = draw();
      const cause = () => (odd ? draw() : shared);
      const rate = 1 + 20 * cause();
      return [
        Math.max(0, Math.round(rate + Math.sqrt(rate) * stream.normal())),
        Number(cause() > 0.5),
        Math.min(2, Math.floor(3 * cause())),
        Math.floor(7 * cause()),
        3 * cause() + 0.1 * stream.normal(),
      ];
    });
  };
  const training = rowsOf(rows(600, 1, false));
  const test = rowsOf([...rows(200, 2, false), ...rows(200, 3, true)]);
  const labels = Uint8Array.from({ length: 400 }, (_, row) => Number(row >= 200));

  it.each([
    { count: 'gaussian', binary: 'gaussian', categorical: 'gaussian' },
    { count: 'poisson', binary: 'bernoulli', categorical: 'categorical' },
    { count: 'negative-binomial', binary: 'bernoulli', categorical: 'categorical' },
  ] as const)('%j tells rows apart whose columns do not belong together', async (chosen) => {
    const model = await fit(fields, training, {
      likelihoods: { numeric: 'gaussian', ...chosen },
      steps: 500,
      encoderSizes: [24],
    });
    const scores = await scoresOf(model, test);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(areaUnderRoc(scores, labels)!).toBeGreaterThan(0.8);
    const strange = rowsOf([
      [1e300, 2, 3, NaN, -1e300],
      [-5, 0, 3, 6, Infinity],
      [NaN, NaN, NaN, NaN, NaN],
      [1e12, 1, 0, 0, 0],
    ]);
    const odd = await scoresOf(model, strange);
    expect(odd.every(Number.isFinite)).toBe(true);
    const highest = Math.max(...(await scoresOf(model, training)));
    for (const row of [0, 1, 3]) expect(odd[row]!).toBeGreaterThan(highest);
  });

  it('of a heavy count behind a logarithm predict counts, not their exponentials', async () => {
    const stream = new RandomStream(4);
    const heavy = rowsOf(
      Array.from({ length: 500 }, (_, row) => [
        row === 9 ? 50_000 : stream.integer(20),
        stream.normal(),
      ]),
    );
    const model = await fit([count('c'), numeric('n')], heavy, {
      logarithmBeyond: 15,
      likelihoods: {
        numeric: 'gaussian',
        count: 'negative-binomial',
        binary: 'gaussian',
        categorical: 'gaussian',
      },
      steps: 200,
    });
    expect(model.manifest.features[0]!.logarithm).toBe(true);
    await using scorer = new ModelScorer(model, platform);
    const { expected, lower, upper } = await (
      await scorer.scorer('details')
    ).run({ rows: heavy.data }, 20);
    for (let row = 0; row < 9; row++) {
      expect(expected[2 * row]!).toBeGreaterThan(1);
      expect(expected[2 * row]!).toBeLessThan(300);
      expect(lower[2 * row]!).toBeLessThan(upper[2 * row]!);
    }
  });
});

describe('health', () => {
  const x = correlatedRows(700, 5, 1);

  it('calls a model good that learnt how columns belong together', async () => {
    const { manifest } = await fit(fieldsOf(5), encodedOf(x), { steps: 500, encoderSizes: [24] });
    expect(manifest.health.verdict, manifest.health.findings.join()).toBe('good');
    expect(manifest.health.findings).toEqual([]);
    expect(manifest.health.activeUnits).toBeGreaterThanOrEqual(1);
    expect(Math.abs(manifest.health.gap)).toBeLessThan(0.5);
    expect(manifest.health.distinctScores).toBe(1);
  });

  it('calls a model collapsed whose code carries nothing', async () => {
    const { manifest } = await fit(fieldsOf(5), encodedOf(x), {
      steps: 500,
      beta: 50,
      klWarmUp: 0,
    });
    expect(manifest.health.verdict).toBe('collapsed');
    expect(manifest.health.findings[0]).toContain('collapse');
    expect(manifest.history.klPerUnit.every((kl) => kl < 0.1)).toBe(true);
    expect(manifest.health.atCap).toBeGreaterThan(0.5);
  });

  it('calls a model weak whose columns have nothing to do with each other', async () => {
    const stream = new RandomStream(2);
    const noise = {
      data: Float64Array.from({ length: 12 * 600 }, () => stream.normal()),
      rows: 600,
    };
    const { manifest } = await fit(fieldsOf(12), noise, { steps: 300, latentSize: 1 });
    expect(manifest.health.verdict).not.toBe('good');
  });

  it('is not alarmed by missing values', async () => {
    const holes = encodedOf(x);
    holes.data.forEach((_, at) => {
      if (at % 3 === 0) holes.data[at] = NaN;
    });
    const { manifest } = await fit(fieldsOf(5), holes, { steps: 300 });
    expect(Math.abs(manifest.health.gap)).toBeLessThan(0.5);
  });

  it('has numbers for tables without numeric fields and for plain autoencoders', async () => {
    const rows = rowsOf(Array.from({ length: 200 }, (_, row) => [row % 3, row % 2]));
    const categories = [categorical('k', ['x', 'y', 'z']), binary('b')];
    for (const options of [{}, { calibrationShare: 0 }, { model: 'autoencoder' as const }]) {
      const { manifest } = await fit(categories, rows, options);
      expect(
        Object.values(manifest.health)
          .filter((value) => typeof value === 'number')
          .every(Number.isFinite),
      ).toBe(true);
      expect([manifest.health.atFloor, manifest.health.atCap]).toEqual([0, 0]);
    }
    const plain = await fit(fieldsOf(5), encodedOf(x), { model: 'autoencoder' });
    expect(plain.manifest.health.atFloor).toBe(0);
  });

  it('finds rows that were learnt by heart and rows that repeat themselves', () => {
    const core = coreOf(
      fieldsOf(2),
      rowsOf([
        [1, 2],
        [2, 1],
      ]),
    );
    const input = { core, activeUnits: 2, deviations: [0.3, 0.4] };
    const scores = (offset: number) =>
      Float64Array.from({ length: 50 }, (_, row) => Math.sin(row) + offset);
    expect(
      healthOf({ ...input, trainingScores: scores(0), calibrationScores: scores(0) }).verdict,
    ).toBe('good');
    const learnt = healthOf({ ...input, trainingScores: scores(0), calibrationScores: scores(2) });
    expect(learnt.findings.join()).toContain('by heart');
    const same = healthOf({
      ...input,
      trainingScores: scores(0),
      calibrationScores: new Float64Array(50),
    });
    expect(same.findings.join()).toContain('repeat');
    const single = healthOf({
      ...input,
      deviations: [0.99, 1],
      trainingScores: scores(0),
      calibrationScores: scores(0),
    });
    expect([single.verdict, single.atCap]).toEqual(['weak', 1]);
  });
});

describe('rows kept for calibration', () => {
  it.each([
    [10, 0.1, 2],
    [100, 0.1, 25],
    [1000, 0.1, 100],
    [50_000, 0.1, 5000],
    [1_000_000, 0.1, 10_000],
    [1000, 0, 0],
    [1000, 0.9, 900],
  ])('of %d at share %d are %d', (rows, share, kept) => {
    expect(calibrationRowCount(rows, share)).toBe(kept);
  });

  it('and those trained on are all rows, once, in their order', () => {
    const rows = rowsOf(Array.from({ length: 40 }, (_, row) => [row, -row]));
    const { training, calibration } = splitRows(rows, 2, 0.2, 7);
    expect([training.rows, calibration.rows]).toEqual([30, 10]);
    const firsts = (part: EncodedRows) => Array.from(part.data).filter((_, at) => at % 2 === 0);
    expect([...firsts(training), ...firsts(calibration)].toSorted((a, b) => a - b)).toEqual(
      firsts(rows),
    );
    expect(firsts(training)).toEqual(firsts(training).toSorted((a, b) => a - b));
    expect(splitRows(rows, 2, 0.2, 7)).toEqual({ training, calibration });
    expect(splitRows(rows, 2, 0.2, 8)).not.toEqual({ training, calibration });
  });
});

describe('the parts of a model', () => {
  const x = correlatedRows(300, 4, 5);

  it('score the calibration rows as the calibration has them', async () => {
    const model = await fit(fieldsOf(4), encodedOf(x), { steps: 50 });
    const { seed, calibrationShare } = model.manifest.configuration;
    const { calibration } = splitRows(encodedOf(x), 4, calibrationShare, seed);
    await using scorer = new ModelScorer(model, platform);
    for (const [form, fast] of [
      ['scores', false],
      ['details', false],
      ['scores', true],
      ['details', true],
    ] as const) {
      const used = await scorer.scorer(form, fast);
      const { score } = await used.run({ rows: calibration.data }, calibration.rows);
      const sorted = score.slice().sort();
      expect(scorer.calibration(fast).scores).toEqual(sorted);
    }
  });

  it('have a fast form that is the first member at its posterior mean', async () => {
    const model = await fit(fieldsOf(4), encodedOf(x), {
      steps: 50,
      score: 'aggregate-elbo',
      members: 3,
    });
    const fast = fastForm(model.networks);
    expect(fast.core.shape.members).toBe(1);
    expect(fast.theta.length).toBe(model.networks.theta.length / 3);
    const again = fastForm(fast);
    expect(again.theta).toEqual(fast.theta);
    expect(again.storedCodes).toEqual(fast.storedCodes);
    expect(fast.storedCodes!.weights.length * 3).toBe(model.networks.storedCodes!.weights.length);
    await using scorer = new ModelScorer(model, platform);
    const rows = encodedOf(x);
    const quick = await (await scorer.scorer('details', true)).run({ rows: rows.data }, rows.rows);
    const full = await (await scorer.scorer('details')).run({ rows: rows.data }, rows.rows);
    quick.code.forEach((value, at) => expect(value).toBeCloseTo(full.code[at]!, 4));
    expect(quick.standard_error.every((value) => value === 0)).toBe(true);
  });

  it('by robust, of columns without a number, score as by combined', async () => {
    const values = Array.from({ length: 60 }, (_, row) => [
      1 + (row % 2),
      1 + (row % 3 === 0 ? 1 : 0),
    ]);
    const rows = rowsOf(values);
    const robust = await fit([binary('a'), binary('b')], rows, { steps: 20, score: 'robust' });
    expect(robust.networks.evidence!.gaussian).toBeUndefined();
    const combined = scoredBy(robust, { score: 'combined' });
    expect(await scoresOf(scoredBy(combined, { score: 'robust' }), rows)).toEqual(
      await scoresOf(combined, rows),
    );
  });

  it('store as many codes as are asked for, at most the rows there are', async () => {
    const many = correlatedRows(3400, 2, 9);
    const model = await fit(fieldsOf(2), encodedOf(many), {
      steps: 20,
      score: 'latent',
      codes: 2500,
    });
    expect(model.networks.storedCodes!.count).toBe(2500);
    const few = await fit(fieldsOf(4), encodedOf(x), { steps: 20, score: 'latent', codes: 2500 });
    expect(few.networks.storedCodes!.count).toBe(few.manifest.rows.trained);
  });

  it.each([15, 16, 17, 32])(
    'keep the codes of %d members apart, also in blocks of as many rows',
    async (members) => {
      const core = coreOf(fieldsOf(4), encodedOf(x), { members, encoderSizes: [] });
      await using runtime = await testRuntime();
      const program = encodingProgram(core, randomTheta(core, 1));
      const rows = encodedOf(sliceRows(x, 0, 40));
      const means: Float32Array[] = [];
      // Elements a row: as many that a block has 16 rows, and so few that it has all.
      for (const elements of [1e6, 12_500, 100]) {
        const blockRows = tableBlockRows(elements);
        await using blocks = await Blocks.open({ program, outputs: ['mean'], blockRows }, runtime);
        means.push((await blocks.run({ rows: rows.data }, rows.rows)).mean);
      }
      for (const mean of means) {
        expect(mean).toHaveLength(members * 40 * 2);
        mean.forEach((value, at) => expect(value).toBeCloseTo(means[2]![at]!, 4));
      }
    },
  );

  /** How far the mean score moves where a column is missing, in deviations of the scores. */
  async function shifts(trained: EncodedRows): Promise<number[]> {
    const columns = 6;
    const model = await fit(fieldsOf(columns), trained, {
      steps: 400,
      encoderSizes: [24],
      latentSize: 3,
    });
    const rows = encodedOf(correlatedRows(200, columns, 8));
    const whole = await scoresOf(model, rows);
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(mean(whole.map((value) => (value - mean(whole)) ** 2)));
    const found: number[] = [];
    for (let column = 0; column < columns; column++) {
      const data = rows.data.map((value, at) => (at % columns === column ? NaN : value));
      found.push(
        (mean(await scoresOf(model, { data, rows: rows.rows })) - mean(whole)) / deviation,
      );
    }
    return found;
  }

  it('give a row with one missing field a score like those of others', async () => {
    // Filled with their mean alone, missing values raised it by 0.4 to 1.4 deviations.
    const many = encodedOf(correlatedRows(700, 6, 7));
    const stream = new RandomStream(1);
    const holes = {
      ...many,
      data: many.data.map((value) => (stream.uniform() < 0.05 ? NaN : value)),
    };
    for (const trained of [many, holes]) {
      for (const shift of await shifts(trained)) expect(Math.abs(shift)).toBeLessThan(0.25);
    }
  });
});
