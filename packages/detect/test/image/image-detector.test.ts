import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { workerPoolRuntime } from '@unlikely/runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageDetector, imageScoreKinds, kindOf, VAE } from '@unlikely/detect';
import type { Images, ImageTrainOptions, TrainingEvent } from '@unlikely/detect';
import { expectError } from '../support/expect-error.ts';
import { memorySource, partOf, quickTraining, squares, waves } from '../support/memory-images.ts';
import { platform, testRuntime } from '../support/platform.ts';

const size = 28 * 28;
const normals = 140;
const training = memorySource(
  new Float32Array([...waves(normals, 1), ...squares(10, 2)]),
  Array.from({ length: normals + 10 }, (_, row) => (row < normals ? 'good' : 'square')),
);
const fresh: Images = { data: waves(70, 5), rows: 70 };
const odd: Images = { data: squares(20, 6), rows: 20 };

const train = (options: ImageTrainOptions = {}) =>
  ImageDetector.train(training, { ...quickTraining, ...options }, platform);

describe('a detector of images', () => {
  let detector: ImageDetector;
  let folder: string;
  const events: TrainingEvent[] = [];
  beforeAll(async () => {
    detector = await train({ onEvent: (event) => events.push(event) });
    folder = await mkdtemp(join(tmpdir(), 'unlikely-images-'));
  });
  afterAll(async () => {
    await detector.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds what is unlike the normal images', async () => {
    const usual = await detector.scoreImages(fresh);
    const unusual = await detector.scoreImages(odd);
    expect(Math.min(...unusual.score)).toBeGreaterThan(Math.max(...usual.score));
    expect(Math.max(...unusual.pValue)).toBeLessThan(0.05);
    const threshold = detector.threshold(0.1);
    const flagged = usual.score.filter((score) => score > threshold).length;
    expect(flagged).toBeLessThanOrEqual(25);
  });

  it('says how it was trained, and how its score was chosen', () => {
    const { manifest } = detector;
    expect(manifest.label!.normal).toEqual(['good']);
    const { read, trained, reference, calibration } = manifest.rows;
    expect(read).toBe(normals);
    expect(trained + reference + calibration).toBe(normals);
    expect(manifest.choice.power.length).toBeGreaterThan(10);
    const best = manifest.choice.power.find(({ name }) => name === manifest.choice.name)!;
    expect(best.name).toMatch(/, corrected, with complexity$/);
    const eligible = manifest.choice.power.filter(({ name }) => name.endsWith('complexity'));
    expect(eligible.length).toBeGreaterThan(5);
    const usual = eligible.find(({ name }) => name.startsWith('balanced'))!;
    const strongest = Math.max(...eligible.map(({ weakest }) => weakest));
    expect(best.weakest).toBe(usual.weakest > 0.5 || strongest <= 0.5 ? usual.weakest : strongest);
    expect(manifest.health.power).toBe(best.mean);
    expect(manifest.history.loss.at(-1)).toBeLessThan(manifest.history.loss[0]!);
    const phases = events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []));
    expect(phases).toEqual(['reading', 'training', 'codes', 'choosing', 'calibrating', 'health']);
  });

  it('gives an image the same bits in every place, batch and order', async () => {
    const all = await detector.explain(fresh);
    const order = new RandomStream(3).permutation(fresh.rows);
    const moved = new Float32Array(fresh.data.length);
    order.forEach((row, place) =>
      moved.set(fresh.data.subarray(row * size, (row + 1) * size), place * size),
    );
    const again = await detector.explain({ data: moved, rows: fresh.rows });
    expect([...again.score]).toEqual(Array.from(order, (row) => all.score[row]!));
    order.forEach((row, place) => {
      expect(again.details.contributions.slice(place * size, (place + 1) * size)).toEqual(
        all.details.contributions.slice(row * size, (row + 1) * size),
      );
    });
    for (const [start, end] of [
      [0, 1],
      [3, 10],
      [65, 70],
    ] as const) {
      const { score } = await detector.scoreImages(partOf(fresh, start, end));
      expect(score).toEqual(all.score.slice(start, end));
    }
  });

  it('gives the same bits in a pool of workers, and from a file', async () => {
    const path = join(folder, 'model.onnx');
    const { bytes } = await detector.save(path);
    expect(bytes).toBe((await detector.toBytes()).length);
    const pool = {
      ...platform,
      trainingRuntime: testRuntime,
      scoringRuntime: () => workerPoolRuntime({ size: 2 }),
    };
    await using loaded = await ImageDetector.load(path, pool);
    expect(loaded.manifest).toEqual(detector.manifest);
    expect(await loaded.explain(fresh)).toEqual(await detector.explain(fresh));
    expect(await loaded.latent.encode(odd)).toEqual(await detector.latent.encode(odd));
    expect(await loaded.latent.generate(3, { from: 'posterior' })).toEqual(
      await detector.latent.generate(3, { from: 'posterior' }),
    );
    expect(await loaded.toBytes()).toEqual(await detector.toBytes());
  });

  it('is the same model for the same seed, and another for another', async () => {
    await using again = await train();
    expect(await again.toBytes()).toEqual(await detector.toBytes());
    await using other = await train({ seed: 2 });
    expect(await other.toBytes()).not.toEqual(await detector.toBytes());
  });

  it('goes on from a checkpoint to the bytes of an uninterrupted training', async () => {
    const checkpoint = join(folder, 'checkpoint');
    const stop = new AbortController();
    const onEvent = (event: TrainingEvent): void => {
      if (event.kind === 'progress' && event.step >= 30) stop.abort();
    };
    await expectError(() => train({ checkpoint, onEvent, signal: stop.signal }), 'detect/aborted');
    await using resumed = await train({ checkpoint, resume: true });
    expect(await resumed.toBytes()).toEqual(await detector.toBytes());
    await expectError(() => train({ checkpoint, resume: true, seed: 9 }), 'model/checkpoint');
    await writeFile(checkpoint, (await readFile(checkpoint)).subarray(0, -9));
    await expectError(() => train({ checkpoint, resume: true }), 'model/checkpoint');
    await expectError(() => train({ checkpoint: folder, resume: true }), 'model/checkpoint');
  });

  it('adds up its heat map to the score, exactly', async () => {
    for (const images of [fresh, odd]) {
      const { score, details } = await detector.explain(images);
      score.forEach((value, row) => {
        let sum = 0;
        for (let at = row * size; at < (row + 1) * size; at++) sum += details.contributions[at]!;
        // The order of additions in double may differ in the last bits.
        expect(Math.abs(sum + details.other[row]! - value)).toBeLessThan(1e-9);
      });
    }
  });

  it('shows where an image was changed', async () => {
    const changed = fresh.data.slice(0, size);
    for (let y = 16; y < 24; y++) for (let x = 4; x < 12; x++) changed[y * 28 + x] = 1;
    const { details } = await detector.explain({ data: changed, rows: 1 });
    const inside = { sum: 0, count: 0 };
    const outside = { sum: 0, count: 0 };
    details.contributions.forEach((value, at) => {
      const [y, x] = [Math.floor(at / 28), at % 28];
      const side = y >= 16 && y < 24 && x >= 4 && x < 12 ? inside : outside;
      side.sum += value;
      side.count++;
    });
    expect(inside.sum / inside.count).toBeGreaterThan(outside.sum / outside.count);
  });

  it('streams the images of a source with names and labels', async () => {
    const rows: number[] = [];
    const scores: number[] = [];
    for await (const batch of detector.score(training, { batchRows: 40, details: true })) {
      rows.push(...batch.rowNumbers);
      scores.push(...batch.score);
      expect(batch.names).toHaveLength(batch.rows);
      expect(batch.labels).toHaveLength(batch.rows);
      expect(batch.details!.expected).toHaveLength(batch.rows * size);
    }
    expect(rows).toEqual(Array.from({ length: normals + 10 }, (_, row) => row));
    const first = { data: waves(normals, 1), rows: normals };
    expect(scores.slice(0, normals)).toEqual([...(await detector.scoreImages(first)).score]);
  });

  it('evaluates against labels, beside simple detectors', async () => {
    const labelled = memorySource(
      new Float32Array([...fresh.data, ...odd.data]),
      Array.from({ length: 90 }, (_, row) => (row < 70 ? 'good' : 'square')),
    );
    const evaluation = await detector.evaluate(labelled, { falsePositiveRate: 0.1 });
    expect(evaluation.rows).toBe(90);
    expect(evaluation.anomalies).toBe(20);
    expect(evaluation.auroc).toBe(1);
    expect(evaluation.baselines.map(({ name }) => name)).toContain('nearest-neighbours');
    for (const { ours } of evaluation.baselines) expect(ours).toBe(1);
    expect(evaluation.byValue.map(({ value }) => value).sort()).toEqual(['good', 'square']);
    const withReference = await detector.evaluate(labelled, {
      reference: training,
      falsePositiveRate: 0.1,
    });
    expect(withReference.baselines[0]!.rows).toBe(90);
    await expectError(
      () => detector.evaluate(labelled, { normal: ['bad'] }),
      'detect/normal-values',
    );
  });

  it('refuses what does not fit', async () => {
    const wrong = { data: new Float32Array(10), rows: 1 };
    await expectError(() => detector.scoreImages(wrong), 'detect/input');
    const bright = { data: new Float32Array(size).fill(255), rows: 1 };
    await expectError(() => detector.scoreImages(bright), 'detect/input');
    const missing = { data: new Float32Array(size).fill(NaN), rows: 1 };
    await expectError(() => detector.explain(missing), 'detect/input');
    await expectError(
      () => detector.latent.decode({ data: new Float32Array(3), rows: 1, columns: 3 }),
      'detect/input',
    );
    await expectError(() => train({ normal: ['nothing'] }), 'detect/normal-values');
    await expectError(() => train({ steps: 0 }), 'detect/configuration');
    await expectError(
      () => train({ colour: 1 } as unknown as ImageTrainOptions),
      'detect/configuration',
    );
    await expectError(() => train({ model: 'autoencoder', score: 'elbo' }), 'detect/configuration');
    const few = memorySource(waves(5, 1), ['good', 'good', 'good', 'good', 'good']);
    await expectError(
      () => ImageDetector.train(few, quickTraining, platform),
      'detect/too-few-rows',
    );
  });

  it('refuses damaged files and those of other models', async () => {
    const bytes = await detector.toBytes();
    expect(kindOf(bytes)).toBe('image');
    const damaged = bytes.slice();
    damaged[damaged.length >> 1]! ^= 1;
    await expectError(() => ImageDetector.fromBytes(damaged, platform), 'model/corrupt');
    await expectError(
      () => ImageDetector.fromBytes(bytes.slice(0, 5000), platform),
      'model/corrupt',
    );
    const table = new VAE({ steps: 2, encoderSizes: [4], latentSize: 1 }, platform);
    await table.fit({ data: waves(1, 1), rows: 28, columns: 28 });
    const path = join(folder, 'table.onnx');
    await table.save(path);
    await expectError(() => ImageDetector.load(path, platform), 'model/foreign');
    await table.dispose();
    const imagePath = join(folder, 'image.onnx');
    await writeFile(imagePath, bytes);
    await expectError(() => VAE.load(imagePath, platform), 'model/foreign');
    await using gone = await ImageDetector.fromBytes(bytes, platform);
    await gone.dispose();
    await expectError(() => gone.scoreImages(fresh), 'detect/disposed');
  });
});

describe('scores of images', () => {
  it.each(imageScoreKinds.filter((kind) => kind !== 'chosen'))(
    '%s is finite and calibrated',
    async (score) => {
      await using detector = await train({ score, steps: 20, likelihood: 'discretised-logistic' });
      const { score: values, standardError, pValue } = await detector.scoreImages(fresh);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(pValue.every((p) => p > 0 && p <= 1)).toBe(true);
      const draws = ['reconstruction-probability', 'elbo', 'complexity-corrected', 'typicality'];
      expect(standardError.every((error) => Number.isNaN(error) !== draws.includes(score))).toBe(
        true,
      );
      const { details } = await detector.explain(partOf(fresh, 0, 2));
      for (const row of [0, 1]) {
        const own = details.contributions.subarray(row * size, (row + 1) * size);
        const sum = own.reduce((total, value) => total + value, 0) + details.other[row]!;
        expect(Math.abs(sum - values[row]!)).toBeLessThan(
          1e-3 * Math.max(1, Math.abs(values[row]!)),
        );
      }
    },
  );

  it('a plain autoencoder chooses among what it has', async () => {
    await using detector = await train({ model: 'autoencoder' });
    const terms = detector.manifest.combination.terms.map(({ statistic }) => statistic);
    expect(terms).not.toContain('latent');
    const usual = await detector.scoreImages(fresh);
    const unusual = await detector.scoreImages(odd);
    expect(Math.min(...unusual.score)).toBeGreaterThan(Math.max(...usual.score));
    await expectError(async () => detector.latent.generate(1), 'detect/configuration');
    expect((await detector.latent.generate(2, { from: 'prior' })).rows).toBe(2);
  });

  it('takes colours and sides that differ', async () => {
    const shape = { channels: 3, height: 32, width: 48 } as const;
    const source = memorySource(
      waves(40, 3, shape),
      Array.from({ length: 40 }, () => 'ok'),
      shape,
    );
    await using detector = await ImageDetector.train(
      source,
      { ...quickTraining, steps: 10 },
      platform,
    );
    const { score, details } = await detector.explain({ data: waves(3, 4, shape), rows: 3 });
    expect(score.every(Number.isFinite)).toBe(true);
    expect(details.contributions).toHaveLength(3 * 32 * 48);
    expect(details.expected).toHaveLength(3 * 3 * 32 * 48);
  });
});
