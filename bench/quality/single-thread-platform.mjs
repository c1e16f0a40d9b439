import { tableFromRecords } from '@unlikely/data';
import { nodeFiles } from '@unlikely/data/node-files';
import { nativeRuntime } from '@unlikely/runtime/node';

async function singleThreadRuntime() {
  const runtime = await nativeRuntime();
  return {
    name: runtime.name,
    version: runtime.version,
    concurrency: 1,
    createSession: (program) => runtime.createSession(program, { threads: 1 }),
    dispose: () => runtime.dispose(),
    [Symbol.asyncDispose]: () => runtime.dispose(),
  };
}

/** Everything in this process on one thread: parallel jobs share the cores without getting in each other's way. */
export const singleThreadPlatform = {
  trainingRuntime: singleThreadRuntime,
  scoringRuntime: singleThreadRuntime,
  files: nodeFiles,
  tableFromRecords,
};
