import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Runtime, RuntimeTensor, Session } from '@unlikely/runtime';
import { add, affine, half, kinds, scan } from '../fixtures/programs.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export function float32(values: readonly number[], dimensions: readonly number[]): RuntimeTensor {
  return { type: 'float32', data: Float32Array.from(values), dimensions };
}

export interface DescribeRuntimeOptions {
  /** Times that a session is created, used and disposed of in the memory test. */
  readonly sessions: number;
  readonly runs: number;
}

/** The laws that every runtime obeys. */
export function describeRuntime(
  name: string,
  make: () => Promise<Runtime>,
  { sessions, runs }: DescribeRuntimeOptions,
): void {
  describe(name, () => {
    let shared: Runtime;
    beforeAll(async () => {
      shared = await make();
    });
    afterAll(() => shared.dispose());
    const open = async (program: Uint8Array): Promise<Session> => {
      const session = await shared.createSession(program);
      onTestFinished(() => session.dispose());
      return session;
    };

    it('names itself and the inputs and outputs of a program', async () => {
      const runtime = shared;
      expect(['native', 'wasm']).toContain(runtime.name);
      expect(runtime.version).toMatch(/^\d+\.\d+\.\d+/);
      expect(runtime.concurrency).toBeGreaterThanOrEqual(1);
      const session = await runtime.createSession(affine);
      expect(session.inputNames).toEqual(['x']);
      expect(session.outputNames).toEqual(['y', 'total']);
    });

    it('computes all outputs, or those asked for', async () => {
      const session = await open(affine);
      const all = await session.run({ x: float32([1, 2, 0, 0], [2, 2]) });
      expect(all).toEqual({
        y: float32([9.5, 11.5, 15, 0.5, -0.5, 0], [2, 3]),
        total: float32([36], []),
      });
      const one = await session.run({ x: float32([0, 0], [1, 2]) }, ['total']);
      expect(one).toEqual({ total: float32([0], []) });
    });

    it('accepts no rows, a part of a buffer, and shared memory', async () => {
      const session = await open(affine);
      expect((await session.run({ x: float32([], [0, 2]) }, ['y']))['y']).toEqual(
        float32([], [0, 3]),
      );

      const wide = Float32Array.of(9, 9, 1, 2, 9, 9);
      const part = { type: 'float32', data: wide.subarray(2, 4), dimensions: [1, 2] } as const;
      expect((await session.run({ x: part }))['total']!.data).toEqual(Float32Array.of(36));
      expect(wide).toEqual(Float32Array.of(9, 9, 1, 2, 9, 9));

      const shared = new Float32Array(new SharedArrayBuffer(8));
      shared.set([1, 2]);
      const feed = { type: 'float32', data: shared, dimensions: [1, 2] } as const;
      expect((await session.run({ x: feed }))['total']!.data).toEqual(Float32Array.of(36));
    });

    it('carries each element type', async () => {
      const session = await open(kinds);
      const make = (): Record<string, RuntimeTensor> => ({
        float32: { type: 'float32', dimensions: [2], data: Float32Array.of(0.1, NaN) },
        float64: { type: 'float64', dimensions: [2], data: Float64Array.of(0.1, -Infinity) },
        int64: { type: 'int64', dimensions: [2], data: BigInt64Array.of(-(2n ** 62n), 3n) },
        int32: { type: 'int32', dimensions: [2], data: Int32Array.of(-(2 ** 31), 7) },
        bool: { type: 'bool', dimensions: [2], data: Uint8Array.of(0, 1) },
        uint8: { type: 'uint8', dimensions: [2], data: Uint8Array.of(0, 255) },
      });
      const results = await session.run(make());
      for (const [type, expected] of Object.entries(make())) {
        expect(results[`${type}_out`]).toEqual(expected);
      }
    });

    it('hands out results that later runs leave alone, in buffers of their own', async () => {
      const session = await open(affine);
      const first = await session.run({ x: float32([1, 2], [1, 2]) });
      const second = await session.run({ x: float32([0, 0], [1, 2]) });
      expect(first['y']!.data).toEqual(Float32Array.of(9.5, 11.5, 15));
      second['y']!.data.fill(7 as never);
      const third = await session.run({ x: float32([0, 0], [1, 2]) });
      expect(third['y']!.data).toEqual(Float32Array.of(0.5, -0.5, 0));
      expect(first['y']!.data.buffer.byteLength).toBe(12);
    });

    it('gives each of many concurrent calls its own result', async () => {
      const session = await open(affine);
      const totals = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const rows = (index % 5) + 1;
          const feed = float32(
            Array.from({ length: rows * 2 }, () => index),
            [rows, 2],
          );
          return (await session.run({ x: feed }, ['total']))['total']!.data[0];
        }),
      );
      expect(totals).toEqual(totals.map((_, index) => ((index % 5) + 1) * index * 21));
    });

    it('gives the same bits each time', async () => {
      const session = await open(scan);
      const feeds = (): Record<string, RuntimeTensor> => ({
        start: float32(
          Array.from({ length: 4096 }, (_, i) => Math.sin(i)),
          [64, 64],
        ),
        matrices: float32(
          Array.from({ length: 3 * 4096 }, (_, i) => Math.cos(i)),
          [3, 64, 64],
        ),
      });
      const results = await Promise.all(
        [feeds(), feeds(), feeds()].map((feed) => session.run(feed)),
      );
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
      expect(results[0]!['traces']!.dimensions).toEqual([3]);
    });

    it.each<[string, Record<string, RuntimeTensor>, RegExp]>([
      [
        'a missing feed',
        {},
        /Input "x" is missing from the feeds; the inputs are "x" float32\[rows, 2\]/,
      ],
      [
        'a surplus feed',
        { x: float32([1, 2], [1, 2]), z: float32([1], [1]) },
        /"z" is not an input of the program; the inputs are "x"/,
      ],
      [
        'another type',
        { x: { type: 'float64', data: Float64Array.of(1, 2), dimensions: [1, 2] } },
        /Input "x" float32\[rows, 2\] was expected; float64\[1, 2\] came/,
      ],
      [
        'another size',
        { x: float32([1, 2, 3], [1, 3]) },
        /float32\[rows, 2\] was expected; float32\[1, 3\] came/,
      ],
      [
        'another rank',
        { x: float32([1, 2], [2]) },
        /float32\[rows, 2\] was expected; float32\[2\] came/,
      ],
      ['too little data', { x: float32([1], [1, 2]) }, /must hold 2 values; 1 came/],
      [
        'a negative dimension',
        { x: float32([], [-1, 2]) },
        /must be integers from 0; \[-1, 2\] came/,
      ],
      [
        'an array of another class',
        { x: { type: 'float32', data: Float64Array.of(1, 2), dimensions: [1, 2] } },
        /must hold a Float32Array; Float64Array came/,
      ],
      [
        'an unknown type',
        { x: { type: 'float16' as 'float32', data: Float32Array.of(1, 2), dimensions: [1, 2] } },
        /must have one of the types float32, .*; "float16" came/,
      ],
    ])('refuses %s', async (_, feeds, message) => {
      const session = await open(affine);
      const failure = expect(session.run(structuredClone(feeds))).rejects;
      await failure.toMatchObject({ name: 'UnlikelyError', code: 'runtime/invalid-input' });
      await expect(session.run(structuredClone(feeds))).rejects.toThrow(message);
      // The session survives.
      await expect(session.run({ x: float32([1, 2], [1, 2]) })).resolves.toHaveProperty('y');
    });

    it('refuses unknown outputs and no outputs', async () => {
      const session = await open(affine);
      await expect(session.run({ x: float32([1, 2], [1, 2]) }, ['z'])).rejects.toThrow(
        '"z" is not an output of the program; the outputs are y, total',
      );
      await expect(session.run({ x: float32([1, 2], [1, 2]) }, [])).rejects.toThrow(
        'At least one output must be asked for',
      );
    });

    it('reports what fails during a run', async () => {
      const session = await open(add);
      const feeds = { a: float32([1, 2], [2]), b: float32([1, 2, 3], [3]) };
      await expect(session.run(feeds)).rejects.toMatchObject({ code: 'runtime/run-failed' });
    });

    it.each([
      ['no bytes', new Uint8Array(0), /refused these 0 bytes/],
      ['other bytes', Uint8Array.of(1, 2, 3), /refused these 3 bytes/],
      ['half a program', affine.subarray(0, 100), /refused these 100 bytes/],
      ['a type that is not carried', half, /"y" of the program must be a tensor of .*float16/],
    ])('refuses %s as a program', async (_, program, message) => {
      const runtime = shared;
      await expect(runtime.createSession(program)).rejects.toMatchObject({
        code: 'runtime/invalid-program',
        message: expect.stringMatching(message) as string,
      });
      await expect(runtime.createSession(affine)).resolves.toBeDefined();
    });

    it('is disposed of once, after the runs in flight, and refuses work afterwards', async () => {
      const runtime = await make();
      const session = await runtime.createSession(affine);
      const inFlight = session.run({ x: float32([1, 2], [1, 2]) });
      await Promise.all([session.dispose(), session.dispose()]);
      await expect(inFlight).resolves.toHaveProperty('y');
      await expect(session.run({ x: float32([1, 2], [1, 2]) })).rejects.toMatchObject({
        code: 'runtime/disposed',
        message: 'The session must be alive to be used, but it has been disposed of.',
      });

      const other = await runtime.createSession(affine);
      const last = Promise.all([1, 2, 3].map(() => other.run({ x: float32([1, 2], [1, 2]) })));
      await Promise.all([runtime.dispose(), runtime.dispose()]);
      await expect(last).resolves.toHaveLength(3);
      await expect(other.run({ x: float32([1, 2], [1, 2]) })).rejects.toMatchObject({
        code: 'runtime/disposed',
      });
      await expect(runtime.createSession(affine)).rejects.toMatchObject({
        code: 'runtime/disposed',
      });
      await other.dispose();
    });

    it(`keeps memory flat over many sessions and runs`, async () => {
      const runtime = shared;
      const cycle = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index++) {
          const session = await runtime.createSession(affine, { threads: 1 });
          await session.run({ x: float32([1, 2], [1, 2]) });
          await session.dispose();
        }
      };
      const session = await runtime.createSession(scan, { threads: 1 });
      const matrices = Array.from({ length: 4096 }, () => 0.1);
      const work = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index++) {
          const feeds = {
            start: float32(matrices, [64, 64]),
            matrices: float32(matrices, [1, 64, 64]),
          };
          await session.run(feeds);
        }
      };
      const growths: number[] = [];
      await cycle(sessions / 4);
      await work(runs / 4);
      for (let round = 0; round < 6; round++) {
        collectGarbage();
        const before = process.memoryUsage.rss();
        await cycle(sessions / 4);
        await work(runs / 4);
        collectGarbage();
        growths.push((process.memoryUsage.rss() - before) / 2 ** 20);
      }
      // The collector may give memory back late, but a leak grows in every round: one 64 x 64 matrix
      // a run would be 12 MB each.
      expect(Math.min(...growths), `MB by round: ${growths.join(', ')}`).toBeLessThan(4);
    });
  });
}
