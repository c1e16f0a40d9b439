import { nodeFiles } from '@unlikely/data/node-files';
import type { Platform } from '@unlikely/detect';
import { sharedRuntime } from '@unlikely/runtime';
import type { Runtime, RuntimeName } from '@unlikely/runtime';

/** Where a model computes on Node. */
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
 * Training in a child process, which can be stopped and killed; scoring in a pool of workers,
 * which the models of the process share. Both start when they are asked for, native where its package loads.
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
      const workers = scoringWorkers(prefer, threads);
      const runtime = await workers.lease();
      if (workers.fallback !== undefined) choice.onFallback(workers.fallback);
      return runtime;
    },
  };
}

interface ScoringWorkers {
  readonly lease: () => Promise<Runtime>;
  /** Why they are not what was preferred. */
  fallback?: string;
}

/** The models of a process share its workers: ten of them on eight cores would else start eighty. */
const started = new Map<string, ScoringWorkers>();

function scoringWorkers(prefer: RuntimeName, threads: number | undefined): ScoringWorkers {
  const key = `${prefer} ${threads}`;
  const found = started.get(key);
  if (found !== undefined) return found;
  const workers: ScoringWorkers = {
    lease: sharedRuntime(async () => {
      const { workerPoolRuntime } = await import('@unlikely/runtime/node');
      const onFallback = (message: string): void => void (workers.fallback = message);
      return workerPoolRuntime({
        prefer,
        onFallback,
        ...(threads === undefined ? {} : { size: threads }),
      });
    }),
  };
  started.set(key, workers);
  return workers;
}

function once(tell: (message: string) => void): (message: string) => void {
  let isTold = false;
  return (message) => {
    if (!isTold) tell(message);
    isTold = true;
  };
}
