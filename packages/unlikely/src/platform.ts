import { nodeFiles } from '@unlikely/data/node-files';
import type { Platform } from '@unlikely/detect';
import type { RuntimeName } from '@unlikely/runtime';

export interface NodePlatformOptions {
  /** Threads that score; default all cores. */
  readonly threads?: number;
  /** Default: what the environment variable `UNLIKELY_RUNTIME` names, else `native`. */
  readonly prefer?: RuntimeName;
  /**
   * Told in words why WebAssembly computes where the native package cannot be loaded. Default: a
   * warning of the process.
   */
  readonly onFallback?: (message: string) => void;
}

/**
 * Training in a child process, which can be stopped and killed; scoring in a pool of workers. Both
 * start when they are asked for, native where its package loads.
 */
export function nodePlatform({
  threads,
  prefer = process.env['UNLIKELY_RUNTIME'] === 'wasm' ? 'wasm' : 'native',
  onFallback = (message) => process.emitWarning(message, 'UnlikelyWarning'),
}: NodePlatformOptions = {}): Platform {
  const choice = { prefer, onFallback: once(onFallback) };
  return {
    async trainingRuntime() {
      const { childProcessRuntime } = await import('@unlikely/runtime/node');
      return childProcessRuntime(choice);
    },
    files: nodeFiles,
    async tableFromRecords(records) {
      const { tableFromRecords } = await import('@unlikely/data');
      return tableFromRecords(records);
    },
    async scoringRuntime() {
      const { workerPoolRuntime } = await import('@unlikely/runtime/node');
      return workerPoolRuntime({
        ...choice,
        ...(threads === undefined ? {} : { size: threads }),
      });
    },
  };
}

function once(tell: (message: string) => void): (message: string) => void {
  let isTold = false;
  return (message) => {
    if (!isTold) tell(message);
    isTold = true;
  };
}
