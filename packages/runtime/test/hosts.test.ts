import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { childProcessRuntime, chooseRuntime, workerPoolRuntime } from '@unlikely/runtime/node';
import type { Runtime, RuntimeTensor } from '@unlikely/runtime';
import { chooseRuntime as chooseWith } from '../src/node/choose-runtime.ts';
import { float32 } from './contract/describe-runtime.ts';
import { affine, scan } from './fixtures/programs.ts';

const identity = Array.from({ length: 4096 }, (_, index) => (index % 65 === 0 ? 1 : 0));

/** Feeds of the scan program that keep one core busy for roughly `steps` / 50 milliseconds. */
function longFeeds(steps: number): Record<string, RuntimeTensor> {
  const matrices = new Float32Array(steps * 4096);
  for (let step = 0; step < steps; step++) matrices.set(identity, step * 4096);
  return {
    start: float32(identity, [64, 64]),
    matrices: { type: 'float32', data: matrices, dimensions: [steps, 64, 64] },
  };
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

async function eventually(condition: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && !condition(); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return condition();
}

const disposed = <R extends Runtime>(runtime: R): R => {
  onTestFinished(() => runtime.dispose());
  return runtime;
};

describe('chooseRuntime', () => {
  it('takes the native runtime without a word, and WASM where it is preferred', async () => {
    const messages: string[] = [];
    const onFallback = (message: string): number => messages.push(message);
    expect(disposed(await chooseRuntime({ onFallback })).name).toBe('native');
    expect(disposed(await chooseRuntime({ prefer: 'wasm', onFallback })).name).toBe('wasm');
    expect(messages).toEqual([]);
  });

  it('falls back to WASM where the native package is absent, and says why', async () => {
    const messages: string[] = [];
    const runtime = disposed(
      await chooseWith({ onFallback: (message) => messages.push(message) }, () =>
        Promise.reject(Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })),
      ),
    );
    expect(runtime.name).toBe('wasm');
    expect(messages).toEqual([
      'The native ONNX Runtime is not installed. WebAssembly computes instead, in one thread, two to three times slower on two cores. To install it: npm install --save-optional onnxruntime-node@1.30.0 --ignore-scripts',
    ]);
    const session = await runtime.createSession(affine);
    const results = await session.run({ x: float32([1, 2], [1, 2]) });
    expect(results['total']!.data).toEqual(Float32Array.of(36));
  });
});

describe('telemetry of the native package', () => {
  const built = new URL('../dist/node/index.js', import.meta.url).href;
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'telemetry-'));
    onTestFinished(() => rmSync(made, { recursive: true }));
    return made;
  };

  /** Runs a script as on a user's machine, and lists what it left in HOME and TMPDIR. */
  async function leftBy(body: string, variables: Record<string, string> = {}): Promise<string[]> {
    const [home, temporary] = [folder(), folder()];
    const { PATH } = process.env;
    const script = spawn(process.execPath, ['--input-type=module', '-e', body], {
      // Without `CI`, where the package keeps quiet by itself.
      env: { PATH, HOME: home, TMPDIR: temporary, ...variables },
      stdio: 'inherit',
    });
    expect(await once(script, 'exit')).toEqual([0, null]);
    return [home, temporary].flatMap((each) => readdirSync(each, { recursive: true }) as string[]);
  }

  const use = (make: string): string => `
    import * as runtimes from '${built}';
    const runtime = await runtimes.${make};
    if (runtime.name !== 'native') throw new Error(runtime.name);
    await (await runtime.createSession(new Uint8Array([${[...affine].join()}]))).dispose();
    await runtime.dispose();`;

  it.each(['nativeRuntime()', 'childProcessRuntime()', 'workerPoolRuntime({ size: 2 })'])(
    'is off in %s, which leaves no file',
    async (make) => {
      expect(await leftBy(use(make))).toEqual([]);
    },
  );

  it('is as the user has set it', async () => {
    const left = await leftBy(use('nativeRuntime()'), { ORT_DISABLE_TELEMETRY: '0' });
    // The package writes only on Linux and macOS.
    if (process.platform !== 'win32') expect(left).not.toEqual([]);
  });

  it('is off in a worker thread of somebody else, where the environment cannot be set', async () => {
    const inWorker = (make: string): string => `
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      const code = ${JSON.stringify(use(make))};
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(code)));
      await once(worker, 'exit');`;
    expect(await leftBy(inWorker('workerPoolRuntime({ size: 2 })'))).toEqual([]);
    const refused = inWorker('nativeRuntime()').replace(
      "await once(worker, 'exit')",
      `const [error] = await once(worker, 'error');
       if (error.code !== 'runtime/unavailable') throw error`,
    );
    expect(await leftBy(refused)).toEqual([]);
  });
});

describe('childProcessRuntime', () => {
  it('leaves this thread responsive during a run', async () => {
    const session = await disposed(await childProcessRuntime()).createSession(scan);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await session.run(longFeeds(3000), ['end']);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('fails all pending runs with process-lost when the child is killed', async () => {
    const runtime = disposed(await childProcessRuntime());
    const session = await runtime.createSession(scan);
    const runs = [1, 2, 3, 4].map(() => session.run(longFeeds(2000), ['end']));
    runtime.kill();
    for (const result of await Promise.allSettled(runs)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'runtime/process-lost', details: { reason: 'SIGKILL' } },
      });
    }
    await expect(runtime.createSession(affine)).rejects.toMatchObject({
      code: 'runtime/process-lost',
    });
    expect(isAlive(runtime.processId)).toBe(false);
  });

  it('ends the child in dispose, by force when it does not end by itself', async () => {
    const gentle = await childProcessRuntime();
    await gentle.dispose();
    expect(isAlive(gentle.processId)).toBe(false);

    const stopped = await childProcessRuntime({ patience: 100 });
    process.kill(stopped.processId, 'SIGSTOP');
    await stopped.dispose();
    expect(isAlive(stopped.processId)).toBe(false);
  });

  it('outlives an interrupt', async () => {
    const runtime = disposed(await childProcessRuntime());
    const session = await runtime.createSession(affine);
    process.kill(runtime.processId, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(session.run({ x: float32([1, 2], [1, 2]) })).resolves.toHaveProperty('total');
  });
});

describe('the end of the parent process', () => {
  const built = new URL('../dist/node/index.js', import.meta.url).href;
  const parent = (body: string) =>
    spawn(
      process.execPath,
      ['--input-type=module', '-e', `import * as runtimes from '${built}';${body}`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );

  it('ends the child, also when the parent is killed', async () => {
    const script = parent(
      `const runtime = await runtimes.childProcessRuntime();
       console.log(runtime.processId);
       setInterval(() => {}, 1000);`,
    );
    const [line] = (await once(script.stdout, 'data')) as [Buffer];
    const childId = Number(line.toString());
    expect(isAlive(childId)).toBe(true);
    script.kill('SIGKILL');
    expect(await eventually(() => !isAlive(childId))).toBe(true);
  });

  it.each(['childProcessRuntime', 'workerPoolRuntime'])(
    'is not held up by an idle %s that nobody disposed of',
    async (name) => {
      const script = parent(
        `const runtime = await runtimes.${name}();
         await runtime.createSession(Buffer.from('${Buffer.from(affine).toString('base64')}', 'base64'));`,
      );
      const [code] = (await once(script, 'exit')) as [number];
      expect(code).toBe(0);
    },
  );
});

describe('workerPoolRuntime', () => {
  it('works in all its workers at once', async () => {
    const runtime = disposed(await workerPoolRuntime({ size: 3 }));
    expect(runtime.concurrency).toBe(3);
    const session = await runtime.createSession(scan);
    const finished: string[] = [];
    const long = session.run(longFeeds(4000), ['end']).then(() => finished.push('long'));
    const short = Promise.all([1, 2, 3, 4].map(() => session.run(longFeeds(1), ['end'])));
    await Promise.all([long, short.then(() => finished.push('short'))]);
    expect(finished).toEqual(['short', 'long']);
  });

  it('takes whole buffers and leaves larger ones', async () => {
    const session = await disposed(await workerPoolRuntime({ size: 1 })).createSession(affine);
    const whole = float32([1, 2], [1, 2]);
    await session.run({ x: whole });
    expect(whole.data.length).toBe(0);
    await expect(session.run({ x: whole })).rejects.toMatchObject({
      code: 'runtime/invalid-input',
      help: expect.stringContaining('given up to a worker') as string,
    });
  });
});
