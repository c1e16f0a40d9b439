import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromRecords } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Detector } from '@unlikely/detect';
import type { ScoredBatch, TrainingEvent } from '@unlikely/detect';
import type { TrainOptions } from '../src/modality/table/train/train-options.ts';
import { expectError } from './support/expect-error.ts';
import { platform } from './support/platform.ts';
import { small } from './support/small-model.ts';

interface Person extends Record<string, unknown> {
  height: number | null;
  weight: number;
  visits: number;
  plan: string;
  member: string;
  at: string;
  label: string;
}

/** Normal rows: weight follows height, plan follows visits. Odd ones break the first rule. */
function people(size: number, seed: number, odd = 0): Person[] {
  const stream = new RandomStream(seed, 'people');
  return Array.from({ length: size }, (_, row) => {
    const isOdd = row < odd;
    const height = 170 + 10 * stream.normal();
    const visits = stream.integer(15);
    return {
      height: row % 29 === 28 ? null : height,
      weight: 0.9 * height - 80 + 2 * stream.normal() + (isOdd ? 45 : 0),
      visits,
      plan: visits < 5 ? 'free' : visits < 10 ? 'basic' : 'pro',
      member: visits % 2 === 0 ? 'yes' : 'no',
      at: `2024-0${1 + (row % 9)}-1${row % 10} 0${row % 9}:30:00`,
      label: isOdd ? 'fraud' : 'normal',
    };
  });
}

const options: TrainOptions = {
  ...small,
  steps: 400,
  encoderSizes: [24],
  latentSize: 3,
  label: 'label',
};

let training: Table;
let test: Table;
let detector: Detector;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unlikely-'));
  training = await tableFromRecords(people(900, 1, 60));
  test = await tableFromRecords(people(300, 2, 30));
  detector = await Detector.train(training, options, platform);
});
afterAll(async () => {
  await detector.dispose();
  await Promise.all([training, test].map((table) => table[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true });
});

async function collect(from: AsyncIterable<ScoredBatch>): Promise<ScoredBatch[]> {
  const batches: ScoredBatch[] = [];
  for await (const batch of from) batches.push(batch);
  return batches;
}

const scoresOf = async (of: Detector, table: Table, more = {}): Promise<number[]> =>
  (await collect(of.score(table, more))).flatMap(({ score }) => Array.from(score));

describe('Detector', () => {
  it('learns the normal rows alone and holds the label out', () => {
    const { schema, label, rows } = detector.manifest;
    expect(schema.fields.map(({ column }) => column)).not.toContain('label');
    expect(label).toEqual({ column: 'label', normal: ['normal'] });
    expect(rows.read).toBe(840);
    expect(rows.trained + rows.calibration).toBe(840);
    expect(new Set(schema.fields.map(({ kind }) => kind)).size).toBeGreaterThan(2);
  });

  it('gives rows in the order of the table, whatever the batches are', async () => {
    const whole = await scoresOf(detector, test);
    expect(whole).toHaveLength(300);
    for (const batchRows of [1, 7, 4096]) {
      const batches = await collect(detector.score(test, { batchRows }));
      expect(batches.flatMap(({ score }) => Array.from(score))).toEqual(whole);
      expect(batches.map(({ firstRow }) => firstRow)).toEqual(
        Array.from({ length: Math.ceil(300 / batchRows) }, (_, batch) => batch * batchRows),
      );
      expect(
        batches.every(({ rows, score, pValue }) => score.length === rows && pValue.length === rows),
      ).toBe(true);
    }
  });

  it('gives odd rows high scores, small p-values and their labels', async () => {
    const [batch] = await collect(detector.score(test, { labels: 'label' }));
    expect(batch!.labels!.slice(28, 32)).toEqual(['fraud', 'fraud', 'normal', 'normal']);
    const threshold = detector.threshold(0.05);
    const flagged = Array.from(batch!.score, (score) => score > threshold);
    expect(flagged.slice(0, 30).filter(Boolean).length).toBeGreaterThan(25);
    expect(flagged.slice(30).filter(Boolean).length).toBeLessThan(40);
    flagged.forEach((isFlagged, row) => expect(batch!.pValue[row]! <= 0.05).toBe(isFlagged));
  });

  it('says what a score is made of, exactly', async () => {
    const [batch] = await collect(detector.score(test, { details: true }));
    const { contributions, latent, usual, expected, lower, upper, code, encoded } = batch!.details!;
    const width = detector.manifest.schema.fields.length;
    expect(await scoresOf(detector, test)).toEqual(Array.from(batch!.score));
    for (const values of [contributions, expected, lower, upper, encoded])
      expect(values).toHaveLength(300 * width);
    expect(code).toHaveLength(300 * 3);
    batch!.score.forEach((score, row) => {
      const own = contributions.subarray(row * width, (row + 1) * width);
      const shares = latent[row]! + usual[row]!;
      expect(own.reduce((sum, value) => sum + value, shares)).toBeCloseTo(score, 10);
    });
  });

  it('explains rows in the order asked for, also twice the same', async () => {
    const found = await detector.explain(test, [5, 200, 5]);
    expect(found.map(({ row }) => row)).toEqual([5, 200, 5]);
    expect(found[0]).toEqual(found[2]);
    const scores = await scoresOf(detector, test);
    expect(found.map(({ score }) => score)).toEqual([scores[5], scores[200], scores[5]]);
    const [first] = found[0]!.features;
    expect(['weight', 'height']).toContain(first!.column);
    expect(first!.sentence).toMatch(/^(weight|height) is [\d.,]+, expected [\d.,]+ \(/);
    const total = found[0]!.features.reduce(
      (sum, { contribution }) => sum + contribution,
      found[0]!.latent + found[0]!.usual,
    );
    expect(total).toBeCloseTo(found[0]!.score, 9);
    expect(found[0]!.features.map(({ contribution }) => contribution)).toEqual(
      found[0]!.features.map(({ contribution }) => contribution).toSorted((a, b) => b - a),
    );
    expect(await detector.explain(test, [])).toEqual([]);
  });

  it.each([false, true])('explains rows of a batch as it was scored, fast %s', async (fast) => {
    const [batch] = await collect(detector.score(test, { details: true, fast }));
    const records = await test.records([200, 5]);
    const found = await detector.explanations(batch!, [200, 5], records, { fast });
    for (const { row, score, latent, usual, features } of found) {
      expect(score).toBe(batch!.score[row]);
      const total = features.reduce((sum, { contribution }) => sum + contribution, latent + usual);
      expect(total).toBeCloseTo(score, 9);
    }
    if (!fast) expect(found).toEqual(await detector.explain(test, [200, 5]));
  });

  it('refuses to explain rows that are not there', async () => {
    for (const row of [300, -1, 1.5]) {
      const outcome = await detector
        .explain(test, [row])
        .catch((error: { code: string }) => error.code);
      expect([
        'detect/input',
        'data/row-out-of-range',
        'data/options',
        'data/missing-row',
      ]).toContain(outcome);
    }
  });

  it('counts categories that it never saw and scores them as odd', async () => {
    const rows = people(40, 3).map((row, index) =>
      index < 5 ? { ...row, plan: 'platinum' } : row,
    );
    await using table = await tableFromRecords(rows);
    const [batch] = await collect(detector.score(table));
    const field = detector.manifest.schema.fields.findIndex(({ column }) => column === 'plan');
    expect(batch!.unseen[field]).toBe(5);
    const order = Array.from(batch!.score.keys()).toSorted(
      (a, b) => batch!.score[b]! - batch!.score[a]!,
    );
    expect(order.slice(0, 8).filter((row) => row < 5).length).toBeGreaterThanOrEqual(4);
    const [explained] = await detector.explain(table, [0]);
    const plan = explained!.features.find(({ column }) => column === 'plan')!;
    expect(plan.sentence).toContain('platinum, which no training row had');
  });

  it('saves and loads the same scores; the same training gives the same bytes', async () => {
    const path = join(folder, 'model.onnx');
    const { bytes } = await detector.save(path);
    const written = await detector.toBytes();
    expect(written.length).toBe(bytes);
    await using loaded = await Detector.load(path, platform);
    expect(await loaded.toBytes()).toEqual(written);
    expect(await scoresOf(loaded, test)).toEqual(await scoresOf(detector, test));
    await using again = await Detector.train(training, options, platform);
    expect(await again.toBytes()).toEqual(written);
    await expectError(() => Detector.load(join(folder, 'none'), platform), 'model/unreadable');
  });

  it('has a fast form with a calibration of its own', async () => {
    const fast = await scoresOf(detector, test, { fast: true });
    expect(fast).not.toEqual(await scoresOf(detector, test));
    expect(fast.every(Number.isFinite)).toBe(true);
    expect(detector.threshold(0.05, { fast: true })).not.toBe(detector.threshold(0.05));
    const normal = fast
      .slice(30)
      .filter((score) => score > detector.threshold(0.05, { fast: true }));
    expect(normal.length).toBeLessThan(40);
  });

  it('refuses a table without a column of the model, and a label that nobody knows', async () => {
    await using other = await tableFromRecords([{ height: 1, weight: 2 }]);
    await expectError(() => scoresOf(detector, other), 'data/missing-column');
    const error = await expectError(
      () => Detector.train(training, { ...options, label: 'plan' }, platform),
      'detect/normal-values',
    );
    expect(error.message).toContain('basic');
    await expectError(
      () => Detector.train(training, { ...options, normal: ['normal', 'nothing'] }, platform),
      'detect/normal-values',
    );
    await expectError(
      () => Detector.train(training, { ...options, steps: 0 }, platform),
      'detect/configuration',
    );
    const rare = { ...options, label: 'visits', normal: ['0'] };
    await using few = await tableFromRecords(people(60, 4));
    await expectError(() => Detector.train(few, rare, platform), 'detect/too-few-rows');
    await expectError(
      () =>
        Detector.train(
          training,
          { ...options, ignore: ['height', 'weight', 'visits', 'plan', 'member', 'at'] },
          platform,
        ),
      'detect/no-fields',
    );
  });

  it('reports its schema and warns of a model that is not good', async () => {
    const events: TrainingEvent[] = [];
    await using collapsed = await Detector.train(
      training,
      { ...options, beta: 50, klWarmUp: 0, onEvent: (event) => void events.push(event) },
      platform,
    );
    expect(collapsed.manifest.health.verdict).toBe('collapsed');
    const kinds = events.map(({ kind }) => kind);
    expect(kinds).toContain('schema');
    const warning = events.find((event) => event.kind === 'warning');
    expect(warning?.kind === 'warning' && warning.code).toBe('health/collapsed');
  });

  it('scores without a calibration, but promises nothing', async () => {
    await using bare = await Detector.train(
      training,
      { ...options, steps: 20, calibrationShare: 0 },
      platform,
    );
    expect(bare.calibrated).toBe(false);
    const [batch] = await collect(bare.score(test));
    expect(batch!.pValue.every((value) => value === 1)).toBe(true);
    await expectError(() => bare.threshold(0.05), 'detect/uncalibrated');
    const evaluation = await bare.evaluate(test, { label: 'label', baselines: false });
    expect(evaluation.calibration).toBeNull();
    expect(evaluation.atThreshold.falsePositives).toBe(0);
  });

  it('stops scoring and training when it is told to', async () => {
    await expectError(
      () => Detector.train(training, { ...options, signal: AbortSignal.abort() }, platform),
      'detect/aborted',
    );
    await expectError(
      () => scoresOf(detector, test, { signal: AbortSignal.abort() }),
      'detect/aborted',
    );
    const controller = new AbortController();
    await expectError(async () => {
      for await (const batch of detector.score(test, {
        batchRows: 10,
        signal: controller.signal,
      })) {
        if (batch.firstRow >= 20) controller.abort();
      }
    }, 'detect/aborted');
  });

  it('is unusable once it is disposed of', async () => {
    const other = await Detector.fromBytes(await detector.toBytes(), platform);
    await scoresOf(other, test);
    await other.dispose();
    await expectError(() => scoresOf(other, test), 'detect/disposed');
  });

  it('evaluates itself beside trivial baselines on the same rows', async () => {
    const result = await detector.evaluate(test, { label: 'label' });
    expect([result.rows, result.anomalies]).toEqual([300, 30]);
    expect(result.normalValues).toEqual(['normal']);
    expect(result.auroc!).toBeGreaterThan(0.9);
    expect(result.baselines.map(({ name }) => name)).toEqual([
      'l2-norm',
      'principal-components',
      'isolation-forest',
      'nearest-neighbours',
      'random',
    ]);
    for (const { auroc, ours, rows, reference } of result.baselines) {
      expect(auroc!).toBeGreaterThanOrEqual(0);
      expect(ours!).toBeGreaterThan(0.9);
      expect(rows).toBe(300 - 135);
      expect(reference).toBe('half of the normal rows');
    }
    const random = result.baselines.at(-1)!;
    expect(Math.abs(random.auroc! - 0.5)).toBeLessThan(0.25);
    const [normal, fraud] = result.byValue;
    expect([normal!.value, normal!.normal, normal!.auroc]).toEqual(['normal', true, null]);
    expect([fraud!.value, fraud!.rows]).toEqual(['fraud', 30]);
    expect(fraud!.flagged).toBe(result.atThreshold.truePositives);
    expect(await detector.evaluate(test, { label: 'label' })).toEqual(result);
    const referred = await detector.evaluate(test, { label: 'label', reference: training });
    expect(referred.baselines[0]!.rows).toBe(300);
    expect(referred.baselines[0]!.ours).toBe(referred.auroc);
  });

  it('goes on from a checkpoint to the model of an uninterrupted training', async () => {
    const checkpoint = join(folder, 'checkpoint');
    const controller = new AbortController();
    const onEvent = (event: TrainingEvent): void => {
      if (event.kind === 'progress' && event.step >= 30) controller.abort();
    };
    await expectError(
      () =>
        Detector.train(
          training,
          { ...options, checkpoint, onEvent, signal: controller.signal },
          platform,
        ),
      'detect/aborted',
    );
    await using resumed = await Detector.train(
      training,
      { ...options, checkpoint, resume: true },
      platform,
    );
    expect(await resumed.toBytes()).toEqual(await detector.toBytes());
  });

  it('goes on from a trained model with its columns and weights', async () => {
    const more = { label: 'label', steps: 60, seed: 9 };
    await using going = await Detector.train(training, { ...more, from: detector }, platform);
    await using fresh = await Detector.train(training, { ...options, ...more }, platform);
    expect(going.manifest.features).toEqual(detector.manifest.features);
    expect(going.manifest.configuration).toMatchObject({ steps: 60, seed: 9, latentSize: 3 });
    // It starts where the other one ended, far below what as few steps reach from scratch.
    expect(going.manifest.history.reconstruction.at(-1)!).toBeLessThan(
      fresh.manifest.history.reconstruction.at(-1)! - 1,
    );
    await expectError(
      () => Detector.train(training, { ...more, latentSize: 5, from: detector }, platform),
      'detect/configuration',
    );
  });

  it('takes the kinds and the columns that its user knows better', async () => {
    await using other = await Detector.train(
      training,
      {
        ...options,
        steps: 20,
        ignore: ['at'],
        kinds: { visits: 'categorical' },
        contaminated: true,
        maximumTrainingRows: 200,
      },
      platform,
    );
    const { schema, rows } = other.manifest;
    expect(schema.fields.some(({ column }) => column === 'at')).toBe(false);
    expect(schema.fields.find(({ column }) => column === 'visits')!.kind).toBe('categorical');
    expect([rows.read, rows.trained + rows.calibration]).toEqual([840, 200]);
  });
});
