import { memoryTable } from '@unlikely/data/memory';
import type { Platform } from '@unlikely/detect';
import { sharedRuntime } from '@unlikely/runtime';
import { webWorkerRuntime } from '@unlikely/runtime/web';
import type { WebWorkerRuntimeOptions } from '@unlikely/runtime/web';

/** Where a model computes in a browser. */
export interface BrowserPlatformOptions extends Pick<
  WebWorkerRuntimeOptions,
  'engine' | 'createWorker'
> {
  /** Web Workers that score, each with some 40 MB. Default: one less than the cores, from 1 to 4. */
  readonly threads?: number;
}

/**
 * Training in one Web Worker, scoring in several, which the models of the platform share; they start
 * when they are asked for. The page needs a secure context, which is https or localhost: elsewhere browsers have no `crypto.subtle`, which
 * checks model files.
 */
export function browserPlatform({
  threads = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)),
  ...worker
}: BrowserPlatformOptions = {}): Platform {
  return {
    tableFromRecords: (records) => Promise.resolve(memoryTable(records)),
    trainingRuntime: () => webWorkerRuntime(worker),
    scoringRuntime: sharedRuntime(() => webWorkerRuntime({ ...worker, size: threads })),
  };
}
