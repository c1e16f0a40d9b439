import { nodeFiles } from '@unlikely/data/node-files';
import { nativeRuntime, wasmRuntime } from '@unlikely/runtime/node';
import type { Runtime, Session } from '@unlikely/runtime';
import type { Platform } from '../../src/platform.ts';

/** ONNX Runtime in this thread: WebAssembly under `npm run test:wasm`. */
export const testRuntime = (): Promise<Runtime> =>
  process.env['UNLIKELY_RUNTIME'] === 'wasm' ? wasmRuntime() : nativeRuntime();

/** The same runtime for training and scoring. */
export const platform: Platform = {
  trainingRuntime: testRuntime,
  scoringRuntime: testRuntime,
  files: nodeFiles,
};

/** A runtime whose runs take longer by what `delay` says of the n-th one, in milliseconds. */
export async function delayedRuntime(delay: (run: number) => number): Promise<Runtime> {
  const inner = await testRuntime();
  let runs = 0;
  const slow = (session: Session): Session => ({
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, outputs) => {
      const milliseconds = delay(runs++);
      const result = await session.run(feeds, outputs);
      if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return result;
    },
    dispose: () => session.dispose(),
    [Symbol.asyncDispose]: () => session.dispose(),
  });
  return {
    name: inner.name,
    version: inner.version,
    concurrency: inner.concurrency,
    createSession: async (program, options) => slow(await inner.createSession(program, options)),
    dispose: () => inner.dispose(),
    [Symbol.asyncDispose]: () => inner.dispose(),
  };
}
