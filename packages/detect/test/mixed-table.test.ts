import { RandomStream } from '@unlikely/graph';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelFile } from '../src/modality/table/model.ts';
import { completeConfiguration } from '../src/modality/table/check-configuration.ts';
import type { EncodedRows } from '../src/modality/table/column/feature.ts';
import type { ColumnLikelihoods } from '../src/modality/table/parameters.ts';
import { ModelScorer } from '../src/modality/table/scorer.ts';
import { fitModel } from '../src/modality/table/fit.ts';
import { binary, categorical, count, cyclic, numeric, schemaOf } from './support/fields.ts';
import { platform } from './support/platform.ts';
import { small } from './support/small-model.ts';

const fields = [
  numeric('height'),
  numeric('weight'),
  count('visits'),
  binary('member'),
  categorical('colour', ['red', 'green', 'blue']),
  cyclic('day', 'weekday', 7),
];
const width = fields.length;

/** Rows of two hidden causes that a column of every kind depends on. */
function mixedRows(rows: number, seed: number): EncodedRows {
  const stream = new RandomStream(seed, 'mixed');
  const between = (value: number, most: number): number =>
    Math.min(most, Math.max(0, Math.round(value)));
  const near = (value: number): number => value + 0.2 * stream.normal();
  const data = Array.from({ length: rows }, () => {
    const [a, b] = [stream.normal(), stream.normal()];
    return [
      near(a),
      near(b),
      Math.round(Math.exp(near(1.5 + 0.7 * a))),
      Number(near(a + b) > 0),
      between(near(1 + b), 2),
      between(near(3 + 1.5 * (a - b)), 6),
    ];
  });
  return { data: Float64Array.from(data.flat()), rows };
}

const without = ({ data, rows }: EncodedRows, hole: (row: number, field: number) => boolean) => ({
  rows,
  data: data.map((value, at) => (hole(Math.floor(at / width), at % width) ? NaN : value)),
});

function fit(rows: EncodedRows, likelihoods: Partial<ColumnLikelihoods>): Promise<ModelFile> {
  return fitModel({
    schema: schemaOf(fields, rows.rows),
    rows,
    rowsRead: rows.rows,
    platform,
    options: {
      configuration: completeConfiguration({
        ...small,
        steps: 400,
        encoderSizes: [24],
        latentSize: 3,
        likelihoods: likelihoods as ColumnLikelihoods,
      }),
    },
  });
}

async function scoresOf(model: ModelFile, rows: EncodedRows): Promise<Float64Array> {
  await using scorer = new ModelScorer(model, platform);
  return (await (await scorer.scorer('scores')).run({ rows: rows.data }, rows.rows)).score;
}

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const deviationOf = (values: Float64Array): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

const known = mixedRows(800, 1);
const fresh = mixedRows(300, 2);

describe.each([
  ['numbers', {}],
  ['their own kind', { binary: 'bernoulli', categorical: 'categorical', count: 'poisson' }],
  ['their own kind, dispersed counts', { categorical: 'categorical', count: 'negative-binomial' }],
] as const)('missing values of columns modelled as %s', (_, likelihoods) => {
  let model: ModelFile;
  let whole: Float64Array;
  beforeAll(async () => {
    model = await fit(known, likelihoods);
    whole = await scoresOf(model, fresh);
  });

  const shiftOf = (scores: Float64Array): number =>
    (mean(scores) - mean(whole)) / deviationOf(whole);

  it.each(fields.map(({ name, kind }, field) => [kind, name, field] as const))(
    'of kind %s (%s) leave the scores where they are',
    async (_kind, _name, field) => {
      const scores = await scoresOf(
        model,
        without(fresh, (_row, at) => at === field),
      );
      expect(Math.abs(shiftOf(scores))).toBeLessThan(0.25);
    },
  );

  it('in a third of the cells leave them where they are', async () => {
    const stream = new RandomStream(3);
    const scores = await scoresOf(
      model,
      without(fresh, () => stream.uniform() < 1 / 3),
    );
    expect(Math.abs(shiftOf(scores))).toBeLessThan(0.25);
  });

  it('in every cell make a row an ordinary one, always the same', async () => {
    const scores = await scoresOf(
      model,
      without(fresh, () => true),
    );
    expect(new Set(scores).size).toBe(1);
    expect(scores[0]).toBeLessThan(mean(whole));
    expect(scores[0]).toBeGreaterThan(Math.min(...whole) - 3 * deviationOf(whole));
  });
});

describe('columns that were never present in training', () => {
  it('contribute nothing while they stay away, and are finite news when they come', async () => {
    const never = new Set([1, 2, 3, 4, 5]);
    const model = await fit(
      without(known, (_row, field) => never.has(field)),
      {},
    );
    for (const field of never) expect(model.neutral[field]).toBe(0);
    const away = await scoresOf(
      model,
      without(fresh, (_row, field) => never.has(field)),
    );
    for (const field of never) {
      const one = without(fresh, (_row, at) => never.has(at) && at !== field);
      const come = await scoresOf(model, one);
      expect(come.every(Number.isFinite)).toBe(true);
      expect(mean(come), fields[field]!.name).toBeGreaterThan(mean(away));
    }
  });
});
