import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerPoolRuntime } from '@unlikely/runtime/node';
import type { Runtime, Session } from '@unlikely/runtime';
import { readCheckpoint, writeCheckpoint } from '../src/train/checkpoint.ts';
import { writeModelFile } from '../src/artifact/model-file.ts';
import { tableFormat } from '../src/modality/table/artifact/format.ts';
import { completeConfiguration } from '../src/modality/table/check-configuration.ts';
import type { Configuration } from '../src/modality/table/configuration.ts';
import { matrixSchema } from '../src/modality/table/column/matrix-schema.ts';
import { fitModel } from '../src/modality/table/fit.ts';
import type { FitOptions } from '../src/modality/table/fit.ts';
import { tablePlan } from '../src/modality/table/train/plan.ts';
import { takeSteps } from '../src/train/take-steps.ts';
import type { TrainingEvent } from '../src/train/training-event.ts';
import type { TrainingState } from '../src/train/training-state.ts';
import { count, numeric, schemaOf } from './support/fields.ts';
import { expectError } from './support/expect-error.ts';
import { delayedRuntime, platform, testRuntime } from './support/platform.ts';
import { correlatedRows, encodedOf, sliceRows } from './support/rows.ts';
import { coreOf, small } from './support/small-model.ts';

const x = correlatedRows(300, 4, 1);
const fields = [0, 1, 2, 3].map((index) => numeric(`f${index}`));

const fit = (
  options: Partial<FitOptions> & { configuration?: Configuration } = {},
  trainingRuntime = testRuntime,
) =>
  fitModel({
    schema: matrixSchema(x),
    rows: encodedOf(x),
    rowsRead: x.rows,
    platform: { ...platform, trainingRuntime },
    options: { configuration: completeConfiguration(small), ...options },
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unlikely-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a training', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    const bytes = await writeModelFile(tableFormat, await fit());
    expect(await writeModelFile(tableFormat, await fit())).toEqual(bytes);
    const configuration = completeConfiguration({ ...small, seed: 2 });
    expect(await writeModelFile(tableFormat, await fit({ configuration }))).not.toEqual(bytes);
  });

  it('does not depend on how its steps are cut into chunks', async () => {
    const core = coreOf(fields, encodedOf(x));
    const train = async (runtime: Promise<Runtime>) => {
      await using used = await runtime;
      const ends: number[] = [];
      const onProgress = ({ step }: { step: number }): void => void ends.push(step);
      const { state } = await takeSteps(tablePlan(core, encodedOf(x)), {
        runtime: used,
        onProgress,
      });
      return { state, ends };
    };
    const quick = await train(testRuntime());
    // Slow runs make chunks shrink, quick ones make them grow.
    const slow = await train(delayedRuntime((run) => (run < 3 ? 350 : 0)));
    expect(slow.ends).not.toEqual(quick.ends);
    expect(slow.state).toEqual(quick.state);
  });

  it('learns: the loss falls by more than half a nat and the history says so', async () => {
    const { manifest } = await fit();
    const { loss, step, kl, reconstruction, klPerUnit } = manifest.history;
    expect(step.at(-1)).toBe(small.steps);
    expect(loss.at(-1)!).toBeLessThan(loss[0]! - 0.5);
    loss.forEach((value) => expect(Number.isFinite(value)).toBe(true));
    // At the end the weight of the KL term is 1.
    expect(loss.at(-1)! - reconstruction.at(-1)! - kl.at(-1)!).toBeCloseTo(0, 4);
    expect(klPerUnit).toHaveLength(2);
    expect(klPerUnit.every((value) => value >= 0)).toBe(true);
  });

  it('reports its phases in order and steps that rise to the end', async () => {
    const events: TrainingEvent[] = [];
    await fit({ onEvent: (event) => events.push(event) });
    expect(events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []))).toEqual([
      'training',
      'codes',
      'calibrating',
      'health',
    ]);
    const steps = events.flatMap((event) => (event.kind === 'progress' ? [event.step] : []));
    expect(steps.at(-1)).toBe(small.steps);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('tells the column that is farthest out where the loss is not finite', async () => {
    const wild = { ...x, data: x.data.map((value, at) => (at === 6 ? 1e30 : value)) };
    // A real loss explodes only by luck; this engine reports one at its first chunk.
    const exploding = {
      ...platform,
      trainingRuntime: async (): Promise<Runtime> => {
        const runtime = await platform.trainingRuntime();
        return Object.assign(Object.create(runtime) as Runtime, {
          createSession: async (program: Uint8Array): Promise<Session> => {
            const session = await runtime.createSession(program);
            return Object.assign(Object.create(session) as Session, {
              run: async (feeds: Parameters<Session['run']>[0]) => {
                const outputs = await session.run(feeds);
                (outputs['metrics']!.data as Float32Array).fill(NaN);
                return outputs;
              },
              dispose: () => session.dispose(),
              [Symbol.asyncDispose]: () => session.dispose(),
            });
          },
          dispose: () => runtime.dispose(),
          [Symbol.asyncDispose]: () => runtime.dispose(),
        });
      },
    };
    const error = await fitModel({
      schema: matrixSchema(wild),
      rows: encodedOf(wild),
      rowsRead: wild.rows,
      platform: exploding,
      options: { configuration: completeConfiguration(small) },
    }).catch((reason: unknown) => reason as Error & { code: string });
    expect(error).toMatchObject({ code: 'detect/not-finite' });
    expect((error as Error).message).toContain('column f2');
  });
});

describe('an interrupted training', () => {
  /** Aborts once `step` steps are done, then goes on. */
  async function interrupted(
    name: string,
    configuration: Configuration,
    step: number,
  ): Promise<Uint8Array> {
    const checkpoint = join(folder, name);
    const controller = new AbortController();
    const error = await expectError(
      () =>
        fit({
          configuration,
          checkpoint,
          signal: controller.signal,
          onEvent: (event) => {
            if (event.kind === 'progress' && event.step >= step) controller.abort();
          },
        }),
      'detect/aborted',
    );
    expect(error.help).toContain('resume');
    const events: TrainingEvent[] = [];
    const model = await fit({
      configuration,
      checkpoint,
      resume: true,
      onEvent: (event) => events.push(event),
    });
    const first = events.find((event) => event.kind === 'progress');
    expect(first?.kind === 'progress' && first.step).toBeGreaterThan(step);
    return writeModelFile(tableFormat, model);
  }

  it('ends with the bytes of one that was not interrupted', async () => {
    const configuration = completeConfiguration(small);
    expect(await interrupted('plain', configuration, 1)).toEqual(
      await writeModelFile(tableFormat, await fit()),
    );
  });

  it('does so under early stopping too, wherever it was interrupted', async () => {
    const configuration = completeConfiguration({
      ...small,
      steps: 200,
      klWarmUp: 0.1,
      earlyStopping: { patience: 3 },
    });
    const whole = await writeModelFile(tableFormat, await fit({ configuration }));
    for (const step of [10, 60, 110]) {
      expect(await interrupted(`stopping-${step}`, configuration, step)).toEqual(whole);
    }
  });

  it('refuses a checkpoint of other rows, another configuration, or a damaged one', async () => {
    const configuration = completeConfiguration(small);
    await interrupted('other', configuration, 1);
    const checkpoint = join(folder, 'other');
    const seed = completeConfiguration({ ...small, seed: 9 });
    await expectError(
      () => fit({ configuration: seed, checkpoint, resume: true }),
      'model/checkpoint',
    );
    const others = encodedOf(correlatedRows(300, 4, 2));
    await expectError(
      () =>
        fitModel({
          schema: matrixSchema(x),
          rows: others,
          rowsRead: x.rows,
          platform,
          options: { configuration, checkpoint, resume: true },
        }),
      'model/checkpoint',
    );
    const counts = {
      ...matrixSchema(x),
      fields: schemaOf(
        fields.map(({ name }) => count(name)),
        x.rows,
      ).fields,
    };
    await expectError(
      () =>
        fitModel({
          schema: counts,
          rows: encodedOf(x),
          rowsRead: x.rows,
          platform,
          options: { configuration, checkpoint, resume: true },
        }),
      'model/checkpoint',
    );
    const bytes = await readFile(checkpoint);
    const broken = join(folder, 'broken');
    for (const cut of [0, 1, 100, bytes.length - 1]) {
      await writeFile(broken, bytes.subarray(0, cut));
      await expectError(
        () => fit({ configuration, checkpoint: broken, resume: true }),
        'model/checkpoint',
      );
    }
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(broken, bytes);
    await expectError(
      () => fit({ configuration, checkpoint: broken, resume: true }),
      'model/checkpoint',
    );
  });

  it('starts anew where there is no checkpoint', async () => {
    const model = await fit({ checkpoint: join(folder, 'none'), resume: true });
    expect(await writeModelFile(tableFormat, model)).toEqual(
      await writeModelFile(tableFormat, await fit()),
    );
  });

  it('keeps every vector of its state in the checkpoint', async () => {
    const vector = (start: number) => Float32Array.from({ length: 5 }, (_, index) => start + index);
    const history = {
      step: [],
      loss: [],
      reconstruction: [],
      kl: [],
      learningRate: [],
      open: { count: 0, loss: 0, reconstruction: 0, kl: 0 },
    };
    const plain: TrainingState = {
      step: 7,
      theta: vector(0),
      slots: [vector(10), vector(20)],
      history,
    };
    expect(await readCheckpoint(await writeCheckpoint(plain, 'id'), 'id', 5)).toEqual(plain);
    const stopping: TrainingState = {
      ...plain,
      stopping: { since: 2, best: { step: 3, theta: vector(30), history, loss: 1.25 } },
    };
    expect(await readCheckpoint(await writeCheckpoint(stopping, 'id'), 'id', 5)).toEqual(stopping);
    const fresh: TrainingState = { ...plain, stopping: { since: 0 } };
    expect(await readCheckpoint(await writeCheckpoint(fresh, 'id'), 'id', 5)).toEqual(fresh);
  });
});

describe('a stopped training', () => {
  const stoppedAt = async (wanted: number) => {
    await using runtime = await testRuntime();
    const controller = new AbortController();
    return await takeSteps(tablePlan(coreOf(fields, encodedOf(x)), encodedOf(x)), {
      runtime,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step >= wanted) controller.abort();
      },
    });
  };

  it('is a result that says how far it came', async () => {
    const { state, isComplete } = await stoppedAt(1);
    expect(isComplete).toBe(false);
    expect(state.step).toBeGreaterThan(0);
    expect(state.step).toBeLessThan(small.steps!);
  });

  it('is complete where the signal came in the last chunk', async () => {
    const { state, isComplete } = await stoppedAt(small.steps!);
    expect(isComplete).toBe(true);
    expect(state.step).toBe(small.steps);
  });
});

describe('early stopping', () => {
  // Forty rows and wide networks: learnt by heart long before the last step.
  const few = sliceRows(x, 0, 40);
  const heldOut = encodedOf(sliceRows(x, 100, 160));
  const core = coreOf(fields, encodedOf(few), {
    encoderSizes: [48],
    steps: 1200,
    klWarmUp: 0.02,
    beta: 0.05,
    members: 1,
    earlyStopping: { patience: 3 },
  });
  const train = async (runtime: Promise<Runtime>) => {
    await using used = await runtime;
    let steps = 0;
    const { state } = await takeSteps(tablePlan(core, encodedOf(few), heldOut), {
      runtime: used,
      onProgress: ({ step }) => void (steps = step),
    });
    return { state, steps };
  };

  it('stops before the end, goes back to the best state, and does so again', async () => {
    const first = await train(testRuntime());
    expect(first.steps).toBeLessThan(1200);
    expect(first.steps % 60).toBe(0);
    expect(first.state.step).toBe(first.steps - 3 * 60);
    expect(first.state.history.step.at(-1)!).toBeLessThanOrEqual(first.state.step);
    const second = await train(delayedRuntime((run) => (run % 2) * 40));
    expect(second.steps).toBe(first.steps);
    expect(second.state.theta).toEqual(first.state.theta);
  });
});

describe('runtimes', () => {
  it('give the same bits in this thread and in a pool of workers', async () => {
    const here = await fit();
    const pool = () => workerPoolRuntime({ size: 2 });
    const configuration = completeConfiguration({ ...small, earlyStopping: { patience: 50 } });
    const there = await fitModel({
      schema: matrixSchema(x),
      rows: encodedOf(x),
      rowsRead: x.rows,
      platform: { ...platform, trainingRuntime: pool, scoringRuntime: pool },
      options: { configuration: completeConfiguration(small), threads: 1 },
    });
    expect(await writeModelFile(tableFormat, there)).toEqual(
      await writeModelFile(tableFormat, here),
    );
    const stopping = await fit({ configuration }, pool);
    expect(stopping.networks.theta).toEqual((await fit({ configuration })).networks.theta);
  });
});
