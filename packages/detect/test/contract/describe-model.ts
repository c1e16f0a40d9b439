import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { workerPoolRuntime } from '@unlikely/runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { falsePositiveBound } from '@unlikely/detect';
import type { Configuration, Matrix, Platform, TrainingEvent, VAE } from '@unlikely/detect';
import { expectError } from '../support/expect-error.ts';
import { platform, testRuntime } from '../support/platform.ts';
import { correlatedRows, sliceRows } from '../support/rows.ts';
import { small } from '../support/small-model.ts';

/** A class of models: `VAE` or `Autoencoder`. */
export interface ModelClass {
  readonly name: string;
  new (options: Partial<Configuration>, platform: Platform): VAE;
  load(path: string, platform: Platform): Promise<VAE>;
}

const columns = 4;
const x = correlatedRows(700, columns, 1);
const training = sliceRows(x, 0, 500);
const fresh = sliceRows(x, 500, 700);

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
});

function permuted({ data, rows, columns: width }: Matrix, order: Int32Array): Matrix {
  const moved = new Float32Array(data.length);
  order.forEach((row, index) =>
    moved.set(data.subarray(row * width, (row + 1) * width), index * width),
  );
  return { data: moved, rows, columns: width };
}

const isFinite = (values: ArrayLike<number>): boolean => Array.from(values).every(Number.isFinite);

/** The examination that every model on matrices takes. */
export function describeModel(Model: ModelClass): void {
  const make = (options: Partial<Configuration> = {}): VAE =>
    new Model({ ...small, ...options }, platform);

  async function fitted(
    rows: Matrix = training,
    options: Partial<Configuration> = {},
  ): Promise<VAE> {
    const model = make(options);
    await model.fit(rows);
    return model;
  }

  describe(`model ${Model.name}`, () => {
    let model: VAE;
    let folder: string;
    beforeAll(async () => {
      model = await fitted();
      folder = await mkdtemp(join(tmpdir(), 'unlikely-'));
    });
    afterAll(async () => {
      await model.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    const calls: readonly [string, (of: VAE) => unknown][] = [
      ['reconstructionProbability', (of) => of.reconstructionProbability(fresh)],
      ['isOutlier', (of) => of.isOutlier(fresh)],
      ['reconstruct', (of) => of.reconstruct(fresh)],
      ['encode', (of) => of.encode(fresh)],
      ['decode', (of) => of.decode(matrix([[0, 0]]))],
      ['generate', (of) => of.generate(2)],
      ['interpolate', (of) => of.interpolate(sliceRows(fresh, 0, 1), sliceRows(fresh, 1, 2))],
      ['attributeVector', (of) => of.attributeVector(fresh, fresh)],
      ['traverse', (of) => of.traverse()],
      ['transfer', (of) => of.transfer(fresh, matrix([[1, 0]]))],
      ['denoise', (of) => of.denoise(fresh)],
      ['save', (of) => of.save(join(folder, 'never.onnx'))],
      ['history', (of) => of.history],
    ];

    it.each(calls)('%s says that it was not fitted', async (_, call) => {
      const error = await expectError(() => call(make()), 'detect/not-fitted');
      expect(error.help).toContain('fit');
    });

    it.each([...calls, ['fit', (of: VAE) => of.fit(training)] as const])(
      '%s says that it was disposed of',
      async (_, call) => {
        const disposed = make();
        await disposed.fit(training, { epochs: 1 });
        await disposed.dispose();
        await disposed.dispose();
        await expectError(() => call(disposed), 'detect/disposed');
      },
    );

    it('gives the same scores for batches of any size and rows in any order', async () => {
      const all = await model.reconstructionProbability(x);
      expect(await model.reconstructionProbability(x)).toEqual(all);
      for (const size of [1, 7, 64]) {
        for (let start = 0; start < 70; start += size) {
          const batch = sliceRows(x, start, Math.min(start + size, 70));
          const { score, standardError } = await model.reconstructionProbability(batch);
          expect(score).toEqual(all.score.slice(start, start + batch.rows));
          expect(standardError).toEqual(all.standardError.slice(start, start + batch.rows));
        }
      }
      const order = new RandomStream(4).permutation(x.rows);
      const moved = await model.reconstructionProbability(permuted(x, order));
      expect(moved.score).toEqual(Float64Array.from(order, (row) => all.score[row]!));
    });

    it('gives the rows of a large batch the scores that they have alone', async () => {
      const large = correlatedRows(4096, columns, 8);
      const { score } = await model.reconstructionProbability(large);
      const tail = await model.reconstructionProbability(sliceRows(large, 4000, 4096));
      expect(score.slice(4000)).toEqual(tail.score);
      expect(isFinite(score)).toBe(true);
    });

    it('is the same model for the same seed and rows', async () => {
      await using again = await fitted();
      expect(await again.reconstructionProbability(fresh)).toEqual(
        await model.reconstructionProbability(fresh),
      );
      const paths = [join(folder, 'a.onnx'), join(folder, 'b.onnx')] as const;
      expect(await model.save(paths[0])).toEqual(await again.save(paths[1]));
      await using loaded = await Model.load(paths[0], platform);
      expect(await loaded.reconstructionProbability(fresh)).toEqual(
        await model.reconstructionProbability(fresh),
      );
      expect(await loaded.isOutlier(fresh)).toEqual(await model.isOutlier(fresh));
      expect(await loaded.encode(fresh)).toEqual(await model.encode(fresh));
      expect(await loaded.generate(3)).toEqual(await model.generate(3));
      expect(loaded.history).toEqual(model.history);
    });

    it('gives the same bits in a pool of workers', async () => {
      const path = join(folder, 'pool.onnx');
      await model.save(path);
      const pool = {
        ...platform,
        trainingRuntime: testRuntime,
        scoringRuntime: () => workerPoolRuntime({ size: 2 }),
      };
      await using loaded = await Model.load(path, pool);
      expect(await loaded.reconstructionProbability(x)).toEqual(
        await model.reconstructionProbability(x),
      );
      expect(await loaded.reconstruct(x)).toEqual(await model.reconstruct(x));
      expect(await loaded.generate(5)).toEqual(await model.generate(5));
    });

    it('takes NaN for a missing value, with a score that is comparable', async () => {
      const holes = {
        ...fresh,
        data: fresh.data.map((value, at) => (at % columns === 1 ? NaN : value)),
      };
      const whole = await model.reconstructionProbability(fresh);
      const { score } = await model.reconstructionProbability(holes);
      expect(isFinite(score)).toBe(true);
      const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
      const centre = mean(whole.score);
      const deviation = Math.sqrt(mean(whole.score.map((value) => (value - centre) ** 2)));
      expect(Math.abs(mean(score) - centre)).toBeLessThan(0.6 * deviation);
      const nothing = { ...fresh, data: fresh.data.map(() => NaN) };
      const blank = await model.reconstructionProbability(nothing);
      expect(isFinite(blank.score)).toBe(true);
      expect(isFinite((await model.reconstruct(nothing)).data)).toBe(true);
    });

    it('trains on rows with missing values', async () => {
      const holes = {
        ...training,
        data: training.data.map((value, at) => (at % 9 === 1 ? NaN : value)),
      };
      await using other = await fitted(holes);
      expect(isFinite((await other.reconstructionProbability(holes)).score)).toBe(true);
    });

    it.each([
      ['infinity', { data: Float32Array.of(1, 2, Infinity, 4), rows: 1, columns }],
      ['another number of columns', { data: new Float32Array(6), rows: 2, columns: 3 }],
      ['data of another size', { data: new Float32Array(7), rows: 2, columns }],
      ['a negative size', { data: new Float32Array(4), rows: -1, columns: -4 }],
      ['half a row', { data: new Float32Array(2), rows: 0.5, columns }],
    ])('refuses %s', async (_, wrong) => {
      await expectError(() => model.reconstructionProbability(wrong), 'detect/input');
      await expectError(() => model.encode(wrong), 'detect/input');
    });

    it('refuses infinities, too few rows and no columns to train on', async () => {
      await expectError(
        () => make().fit({ data: Float32Array.of(-Infinity), rows: 1, columns: 1 }),
        'detect/input',
      );
      await expectError(() => make().fit(sliceRows(x, 0, 9)), 'detect/too-few-rows');
      await expectError(
        () => make().fit({ data: new Float32Array(0), rows: 0, columns: 0 }),
        'detect/too-few-rows',
      );
      await expectError(
        () => make().fit({ data: new Float32Array(0), rows: 20, columns: 0 }),
        'detect/no-fields',
      );
    });

    it('changes no matrix that it is given', async () => {
      const copies = [training.data.slice(), fresh.data.slice()];
      const other = make();
      await other.fit(training, { epochs: 1 });
      await other.reconstructionProbability(fresh);
      await other.reconstruct(fresh);
      expect([training.data, fresh.data]).toEqual(copies);
      await other.dispose();
    });

    it.each([
      ['one column', correlatedRows(80, 1, 3)],
      ['constant columns', matrix(Array.from({ length: 60 }, () => [7, -0.1]))],
      [
        'a column without values',
        matrix(Array.from({ length: 60 }, (_, row) => [Math.sin(row), NaN])),
      ],
      [
        'rows that repeat',
        matrix(Array.from({ length: 60 }, (_, row) => [row % 2, 1 - (row % 2), 5])),
      ],
      ['ten rows', sliceRows(x, 0, 10)],
      [
        'huge numbers',
        matrix(
          Array.from({ length: 60 }, (_, row) => [3e38 * Math.sin(row), 1e-38 * Math.cos(row)]),
        ),
      ],
    ])('trains on %s', async (_, rows) => {
      await using other = await fitted(rows, { steps: 60 });
      const { score, standardError } = await other.reconstructionProbability(rows);
      expect(score).toHaveLength(rows.rows);
      expect(isFinite(score)).toBe(true);
      expect(isFinite(standardError)).toBe(true);
      expect((await other.reconstruct(rows)).data.length).toBe(rows.data.length);
      const path = join(folder, 'edge.onnx');
      await other.save(path);
      await using loaded = await Model.load(path, platform);
      expect((await loaded.reconstructionProbability(rows)).score).toEqual(score);
    });

    it('scores a change of a constant column above everything it learnt', async () => {
      const rows = matrix(Array.from({ length: 120 }, (_, row) => [Math.sin(row), 7]));
      await using other = await fitted(rows);
      const normal = await other.reconstructionProbability(rows);
      const odd = await other.reconstructionProbability(matrix([[0, 12]]));
      expect(odd.score[0]!).toBeGreaterThan(Math.max(...normal.score));
    });

    it('scores no rows as nothing', async () => {
      const none = { data: new Float32Array(0), rows: 0, columns };
      const { score, standardError } = await model.reconstructionProbability(none);
      expect([score.length, standardError.length]).toEqual([0, 0]);
      expect(await model.isOutlier(none)).toEqual([]);
      expect(await model.reconstruct(none)).toEqual({
        data: new Float32Array(0),
        rows: 0,
        columns,
      });
      expect((await model.encode(none)).data).toHaveLength(0);
      expect((await model.generate(0)).rows).toBe(0);
    });

    it('scores odd rows above normal ones', async () => {
      const odd = {
        ...fresh,
        data: fresh.data.map((value, at) => (at % columns === 2 ? value + 4 : value)),
      };
      const [normal, strange] = [
        await model.reconstructionProbability(fresh),
        await model.reconstructionProbability(odd),
      ];
      const higher = strange.score.filter((value, row) => value > normal.score[row]!).length;
      expect(higher / fresh.rows).toBeGreaterThan(0.9);
    });

    it('flags no more normal rows than it promises', async () => {
      for (let seed = 0; seed < 5; seed++) {
        const rows = correlatedRows(1400, columns, 20 + seed);
        await using other = await fitted(sliceRows(rows, 0, 500), { seed });
        const outliers = await other.isOutlier(sliceRows(rows, 500, 1400), { alpha: 0.05 });
        const bound = falsePositiveBound({
          calibrationRows: 100,
          testRows: 900,
          rate: 0.05,
          confidence: 0.999,
        });
        expect(outliers.filter(Boolean).length).toBeLessThanOrEqual(bound);
        expect(outliers.some(Boolean)).toBe(true);
      }
    });

    it('refuses a rate that the kept rows cannot promise, and to flag without any', async () => {
      await expectError(() => model.isOutlier(fresh, { alpha: 0.001 }), 'calibrate/too-few');
      await using bare = await fitted(training, { calibrationShare: 0, steps: 20 });
      await expectError(() => bare.isOutlier(fresh), 'detect/uncalibrated');
      expect(isFinite((await bare.reconstructionProbability(fresh)).score)).toBe(true);
    });

    it('reconstructs rows in their own units, better than their mean', async () => {
      const shifted = {
        ...training,
        data: training.data.map((value, at) => value * 10 + 100 * (at % columns)),
      };
      await using other = await fitted(shifted, { steps: 300 });
      const { data, rows, columns: width } = await other.reconstruct(shifted);
      expect([rows, width]).toEqual([training.rows, columns]);
      let [error, spread] = [0, 0];
      data.forEach((value, at) => {
        error += (value - shifted.data[at]!) ** 2;
        spread += (100 * (at % columns) - shifted.data[at]!) ** 2;
      });
      expect(error).toBeLessThan(0.5 * spread);
    });

    it('walks between the codes of two rows', async () => {
      const [a, b] = [sliceRows(fresh, 0, 1), sliceRows(fresh, 1, 2)];
      const codes = [await model.encode(a), await model.encode(b)];
      expect([codes[0]!.rows, codes[0]!.columns]).toEqual([1, 2]);
      const way = await model.interpolate(a, b, { steps: 5 });
      expect([way.rows, way.columns]).toEqual([5, columns]);
      const ends = [await model.decode(codes[0]!), await model.decode(codes[1]!)];
      expect(sliceRows(way, 0, 1)).toEqual(ends[0]);
      expect(sliceRows(way, 4, 5)).toEqual(ends[1]);
      const circle = await model.interpolate(a, b, { steps: 3, path: 'spherical' });
      expect(sliceRows(circle, 0, 1)).toEqual(ends[0]);
      expect(sliceRows(circle, 2, 3)).toEqual(ends[1]);
      const middle = codes[0]!.data.map((value, unit) => (value + codes[1]!.data[unit]!) / 2);
      const half = await model.decode({ data: middle, rows: 1, columns: 2 });
      half.data.forEach((value, column) =>
        expect(way.data[2 * columns + column]).toBeCloseTo(value, 5),
      );
      expect((await model.interpolate(a, b, { steps: 1 })).rows).toBe(1);
      expect((await model.interpolate(a, b)).rows).toBe(8);
      await expectError(() => model.interpolate(a, b, { steps: 0 }), 'detect/input');
      await expectError(() => model.interpolate(fresh, b), 'detect/input');
    });

    it('generates the same rows for the same seed, others for another', async () => {
      const rows = await model.generate(16, { seed: 5 });
      expect([rows.rows, rows.columns, rows.data.length]).toEqual([16, columns, 16 * columns]);
      expect(await model.generate(16, { seed: 5 })).toEqual(rows);
      expect(await model.generate(16, { seed: 6 })).not.toEqual(rows);
      expect(sliceRows(rows, 0, 9)).toEqual(await model.generate(9, { seed: 5 }));
      for (const options of [{ from: 'prior' }, { mean: true }] as const) {
        const other = await model.generate(16, { seed: 5, ...options });
        expect(isFinite(other.data)).toBe(true);
        // A plain autoencoder has no spread to draw from.
        if ('from' in options || Model.name === 'VAE') expect(other).not.toEqual(rows);
      }
      await expectError(
        () => model.generate(1, { from: 'other' as 'prior' }),
        'detect/configuration',
      );
      expect(isFinite(rows.data)).toBe(true);
      await expectError(() => model.generate(-1), 'detect/input');
      await expectError(() => model.generate(1.5), 'detect/input');
    });

    it('tells two groups of rows apart in the code', async () => {
      const vector = await model.attributeVector(
        sliceRows(fresh, 0, 50),
        sliceRows(fresh, 50, 100),
      );
      expect([vector.rows, vector.columns]).toEqual([1, 2]);
      const same = await model.attributeVector(fresh, fresh);
      expect(same.data).toEqual(Float32Array.of(0, 0));
      expect(await model.transfer(fresh, same)).toEqual(
        await model.decode(await model.encode(fresh)),
      );
      const there = await model.transfer(fresh, vector, { amount: 2 });
      expect(there).not.toEqual(await model.transfer(fresh, vector));
      await expectError(() => model.transfer(fresh, vector, { amount: NaN }), 'detect/input');
      await expectError(() => model.transfer(fresh, matrix([[1]])), 'detect/input');
      const back = await model.attributeVector(sliceRows(fresh, 50, 100), sliceRows(fresh, 0, 50));
      vector.data.forEach((value, unit) => expect(back.data[unit]).toBeCloseTo(-value, 6));
      await expectError(
        () => model.attributeVector({ ...fresh, data: new Float32Array(0), rows: 0 }, fresh),
        'detect/input',
      );
    });

    it('traverses one latent unit at a time, from nothing and from a row', async () => {
      const middle = await model.traverse({ steps: 3 });
      expect([middle.rows, middle.columns]).toEqual([6, columns]);
      expect(sliceRows(middle, 1, 2)).toEqual(await model.decode(matrix([[0, 0]])));
      const x1 = sliceRows(fresh, 4, 5);
      const [code] = [await model.encode(x1)];
      const own = await model.traverse({ x: x1, units: [1], range: 2, steps: 2 });
      expect(own).toEqual(await model.decode(matrix([[code.data[0]!, -2], [code.data[0]!, 2]]))); // prettier-ignore
      await expectError(() => model.traverse({ units: [2] }), 'detect/configuration');
      await expectError(() => model.traverse({ x: fresh }), 'detect/input');
    });

    it('fills what is missing and leaves what is plausible', async () => {
      const holes = { ...fresh, data: fresh.data.slice() };
      holes.data[6] = NaN;
      const whole = await model.denoise(holes, { above: 1e6 });
      const [filled] = [whole.data[6]!];
      expect(filled).toBeCloseTo((await model.reconstruct(holes)).data[6]!, 6);
      expect(whole.data.map((value, at) => (at === 6 ? 0 : value))).toEqual(
        fresh.data.map((value, at) => (at === 6 ? 0 : value)),
      );
      await expectError(() => model.denoise(fresh, { share: 2 }), 'detect/configuration');
    });

    it('refuses codes of another size or without numbers', async () => {
      await expectError(() => model.decode(matrix([[1, 2, 3]])), 'detect/input');
      await expectError(() => model.decode(matrix([[1, NaN]])), 'detect/input');
      await expectError(() => model.decode(matrix([[1, Infinity]])), 'detect/input');
    });

    it('reports epochs and events, and counts epochs in place of steps', async () => {
      const epochs: number[] = [];
      const events: TrainingEvent[] = [];
      const other = make();
      const history = await other.fit(training, {
        epochs: 6,
        batchSize: 50,
        onEpoch: ({ epoch }) => void epochs.push(epoch),
        onEvent: (event) => void events.push(event),
      });
      expect(history.step.at(-1)).toBe(60);
      expect(other.history).toBe(history);
      expect(epochs.at(-1)).toBeCloseTo((60 * 50) / 400, 6);
      expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
      expect(new Set(epochs.map(Math.floor)).size).toBe(epochs.length);
      expect(events.some(({ kind }) => kind === 'phase')).toBe(true);
      await other.dispose();
    });

    it('stops when it is told to, and can be fitted after that', async () => {
      const other = make();
      await expectError(
        () => other.fit(training, { signal: AbortSignal.abort() }),
        'detect/aborted',
      );
      await expectError(() => other.reconstructionProbability(fresh), 'detect/not-fitted');
      await other.fit(training);
      expect(await other.reconstructionProbability(fresh)).toEqual(
        await model.reconstructionProbability(fresh),
      );
      // A second training starts anew.
      await other.fit(sliceRows(x, 100, 400), { epochs: 2 });
      expect((await other.reconstructionProbability(fresh)).score).not.toEqual(
        (await model.reconstructionProbability(fresh)).score,
      );
      await other.dispose();
    });

    it('works with a single member and without hidden layers', async () => {
      for (const options of [
        { members: 1 },
        { members: 1, encoderSizes: [] },
        { encoderSizes: [8, 6], decoderSizes: [5] },
      ]) {
        await using other = await fitted(training, { ...options, steps: 40 });
        expect(isFinite((await other.reconstructionProbability(fresh)).score)).toBe(true);
        expect((await other.generate(2)).data).toHaveLength(2 * columns);
      }
    });

    it('names the parameter that is wrong', async () => {
      const error = await expectError(() => make({ latentSize: 0 }), 'detect/configuration');
      expect(error.message).toContain('latentSize');
      for (const epochs of [-1, 0, NaN, Infinity]) {
        const wrong = await expectError(
          () => make().fit(training, { epochs }),
          'detect/configuration',
        );
        expect(wrong.message).toContain('epochs');
      }
      const batch = await expectError(
        () => make().fit(training, { batchSize: 0 }),
        'detect/configuration',
      );
      expect(batch.message).toContain('batchSize');
    });
  });
}
