import { fillNormal, gradientProgram, optimise, RandomStream, writeModel } from '@unlikely/graph';
import type { TrainingObjective } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import { workerPoolRuntime } from '@unlikely/runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform, TrainingEvent } from '@unlikely/detect';
import { expectError } from '../support/expect-error.ts';
import { platform, testRuntime } from '../support/platform.ts';
import { float32 } from '../support/run-graph.ts';

/** What every detector has, whatever it is of. */
interface Examined extends AsyncDisposable {
  toBytes(): Promise<Uint8Array>;
  dispose(): Promise<void>;
  threshold(falsePositiveRate: number): number;
}

export interface Run {
  readonly threads?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
}

export interface Reading {
  readonly batchRows?: number;
  readonly signal?: AbortSignal;
}

/** One item as it was scored. */
export interface ScoredItem {
  readonly score: number;
  readonly standardError: number;
  readonly pValue: number;
  /** By place. */
  readonly contributions: readonly number[];
  /** The share of the score that is of no place. */
  readonly rest: number;
}

/** What an examination needs to know of a kind of input; its models must train in seconds. */
export interface Modality<Detector extends Examined, Items> {
  readonly kind: string;
  /** Items in memory, the same for the same seed. */
  items(rows: number, seed: number): Items;
  pick(items: Items, rows: readonly number[]): Items;
  /** Trains for `steps` steps. */
  train(items: Items, steps: number, run: Run): Promise<Detector>;
  open(bytes: Uint8Array, platform: Platform): Promise<Detector>;
  /** Scores with details, batch by batch. */
  score(detector: Detector, items: Items, reading?: Reading): AsyncIterable<readonly ScoredItem[]>;
  /** Calls that need networks, by their names. */
  readonly calls: Readonly<Record<string, (detector: Detector, items: Items) => unknown>>;
  /** What is not a number in an item: refused with a code; without one it is taken for missing. */
  readonly notFinite: Readonly<
    Record<string, { readonly spoil: (items: Items) => Items; readonly code?: string }>
  >;
  /** The bytes of a model of another kind. */
  foreign(): Promise<Uint8Array>;
  /** The objective of a small network with its first θ and a minibatch; the noise is drawn here. */
  readonly objectives: Readonly<
    Record<
      string,
      () => {
        readonly objective: TrainingObjective;
        readonly theta: Float32Array;
        readonly batch: Readonly<Record<string, RuntimeTensor>>;
      }
    >
  >;
  /** Cases that do not apply, each with its reason. */
  readonly without: { readonly unfitted: string };
}

const steps = 40;

/** The examination that the detectors of every kind of input sit. */
export function describeModality<Detector extends Examined, Items>(
  modality: Modality<Detector, Items>,
): void {
  const training = modality.items(150, 1);
  const fresh = modality.items(40, 2);
  const all = async (
    detector: Detector,
    items: Items = fresh,
    reading: Reading = {},
  ): Promise<ScoredItem[]> => {
    const found: ScoredItem[] = [];
    for await (const batch of modality.score(detector, items, reading)) found.push(...batch);
    return found;
  };

  describe(`a detector of kind ${modality.kind}`, () => {
    let detector: Detector;
    let bytes: Uint8Array;
    let scored: readonly ScoredItem[];
    beforeAll(async () => {
      detector = await modality.train(training, steps, { threads: 1 });
      bytes = await detector.toBytes();
      scored = await all(detector);
    });
    afterAll(() => detector.dispose());

    it('scores every item with a number of its own', () => {
      expect(scored).toHaveLength(40);
      expect(new Set(scored.map(({ score }) => score)).size).toBe(40);
      expect(scored.every(({ score }) => Number.isFinite(score))).toBe(true);
      expect(scored.every(({ pValue }) => pValue > 0 && pValue <= 1)).toBe(true);
    });

    it('is the same to the last bit for the same seed, by any number of threads', async () => {
      await using again = await modality.train(training, steps, { threads: 2 });
      expect(await again.toBytes()).toEqual(bytes);
      await using other = await modality.train(training, steps, { seed: 2 });
      expect((await all(other)).map(({ score }) => score)).not.toEqual(
        scored.map(({ score }) => score),
      );
    });

    it('scores items alike in batches of any size, in any order and beside any others', async () => {
      for (const batchRows of [1, 7, 64]) {
        expect(await all(detector, fresh, { batchRows })).toEqual(scored);
      }
      const order = [...new RandomStream(4).permutation(40)];
      expect(await all(detector, modality.pick(fresh, order))).toEqual(
        order.map((row) => scored[row]),
      );
      expect(await all(detector, modality.pick(fresh, [13]))).toEqual([scored[13]]);
    });

    it('is saved and opened without the change of a bit, in a pool of workers too', async () => {
      const pool = { ...platform, scoringRuntime: () => workerPoolRuntime({ size: 2 }) };
      for (const on of [platform, pool]) {
        await using loaded = await modality.open(bytes, on);
        expect(await loaded.toBytes()).toEqual(bytes);
        expect(await all(loaded, fresh, { batchRows: 9 })).toEqual(scored);
        expect(loaded.threshold(0.2)).toBe(detector.threshold(0.2));
      }
    });

    it('shares every score out over the places of its item', () => {
      for (const { score, contributions, rest } of scored) {
        const sum = contributions.reduce((total, value) => total + value, rest);
        expect(Math.abs(sum - score)).toBeLessThan(1e-6 * Math.max(1, Math.abs(score)));
        expect(contributions.length).toBeGreaterThan(1);
        expect(new Set(contributions).size).toBeGreaterThan(1);
      }
    });

    it.each(Object.entries(modality.objectives))(
      'trains along the gradient of its loss: %s',
      async (_, make) => {
        const { objective, theta, batch } = make();
        const { graph, metrics } = gradientProgram(objective);
        await using runtime = await testRuntime();
        await using session = await runtime.createSession(writeModel(optimise(graph)), {
          threads: 1,
        });
        const shape = objective.batch['noise']?.shape;
        const noise = new Float32Array(shape?.reduce((size, side) => size * side, 1) ?? 0);
        fillNormal(noise, new RandomStream(1, 'noise'), 0);
        const at = async (
          moved: Float32Array,
        ): Promise<{ loss: number; gradient: Float32Array }> => {
          const outputs = await session.run({
            theta: float32(moved),
            ...batch,
            ...(shape === undefined
              ? {}
              : { noise: float32(noise, ...shape), schedule: float32([0.7]) }),
          });
          const found = outputs['metrics']!.data as Float32Array;
          const gradient = outputs['gradient']!.data as Float32Array;
          return { loss: found[metrics.indexOf('loss')]!, gradient };
        };
        const { gradient } = await at(theta);
        const length = Math.hypot(...gradient);
        expect(length).toBeGreaterThan(0);
        // Along the gradient the loss rises by its length: rounding is small beside it.
        const step = 1e-3;
        const along = async (by: number): Promise<number> =>
          (await at(theta.map((value, place) => value + (by * gradient[place]!) / length))).loss;
        const slope = ((await along(step)) - (await along(-step))) / (2 * step);
        expect(Math.abs(slope - length) / length).toBeLessThan(0.02);
      },
    );

    it.skip(`says that it was not fitted (${modality.without.unfitted})`, () => undefined);

    it('says that it was disposed of, whatever is asked of it', async () => {
      const gone = await modality.open(bytes, platform);
      await all(gone);
      await gone.dispose();
      await gone.dispose();
      await expectError(() => all(gone), 'detect/disposed');
      for (const [name, call] of Object.entries(modality.calls)) {
        const error = await expectError(() => call(gone, fresh), 'detect/disposed');
        expect(error.help, name).toMatch(/Load or train it again/);
        await call(detector, fresh);
      }
    });

    it('stops before it starts, and in the middle of its work', async () => {
      const reason = new Error('enough');
      const seen: TrainingEvent[] = [];
      const before = await expectError(
        () =>
          modality.train(training, steps, {
            signal: AbortSignal.abort(reason),
            onEvent: (event) => seen.push(event),
          }),
        'detect/aborted',
      );
      const last = (): number =>
        Math.max(0, ...seen.map((event) => (event.kind === 'progress' ? event.step : 0)));
      expect(last()).toBeLessThan(steps);
      seen.length = 0;
      const during = new AbortController();
      const stopped = await expectError(
        () =>
          modality.train(training, steps, {
            signal: during.signal,
            onEvent: (event) => {
              seen.push(event);
              if (event.kind === 'progress') during.abort(reason);
            },
          }),
        'detect/aborted',
      );
      expect(last()).toBeGreaterThan(0);
      expect(last()).toBeLessThan(steps);
      const early = await expectError(
        () => all(detector, fresh, { signal: AbortSignal.abort(reason) }),
        'detect/aborted',
      );
      const scoring = new AbortController();
      let rows = 0;
      const late = await expectError(async () => {
        const reading = { batchRows: 5, signal: scoring.signal };
        for await (const batch of modality.score(detector, fresh, reading)) {
          rows += batch.length;
          scoring.abort(reason);
        }
      }, 'detect/aborted');
      expect(rows).toBeGreaterThan(0);
      expect(rows).toBeLessThan(40);
      for (const error of [before, stopped, early, late]) {
        expect(error.name).toBe('AbortError');
        expect(error.cause).toBe(reason);
      }
    });

    it('finishes a training that is stopped in its last chunk', async () => {
      const stop = new AbortController();
      await using finished = await modality.train(training, steps, {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'progress' && event.step === event.steps) stop.abort();
        },
      });
      expect(stop.signal.aborted).toBe(true);
      expect(await finished.toBytes()).toEqual(bytes);
    });

    it.each(Object.entries(modality.notFinite))(
      'makes no score of %s without saying so',
      async (_, { spoil, code }) => {
        const spoilt = spoil(modality.pick(fresh, [0, 1, 2]));
        if (code === undefined) {
          const found = await all(detector, spoilt);
          expect(found.map(({ score }) => Number.isFinite(score))).toEqual([true, true, true]);
          expect(found[0]!.score).not.toBe(scored[0]!.score);
          expect(found.slice(1)).toEqual(scored.slice(1, 3));
        } else {
          await expectError(() => all(detector, spoilt), code);
        }
      },
    );

    it('refuses a model of another kind, one that was cut and one that was changed', async () => {
      const open = async (file: Uint8Array): Promise<void> => {
        await using opened = await modality.open(file, platform);
        await all(opened);
      };
      await expectError(async () => open(await modality.foreign()), 'model/foreign');
      await expectError(() => open(bytes.slice(0, 1000)), 'model/corrupt');
      const changed = bytes.slice();
      changed[changed.length >> 1]! ^= 1;
      await expectError(() => open(changed), 'model/corrupt');
      await open(bytes);
    });
  });
}
