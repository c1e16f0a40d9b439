import type { Platform } from '@unlikely/detect';

export interface NodePlatformOptions {
  /** Threads that score; default all cores. */
  readonly threads?: number;
  /** Told in words why WebAssembly computes where the native package cannot be loaded. */
  readonly onFallback?: (message: string) => void;
}

/**
 * Training in a child process, which can be stopped and killed; scoring in a pool of workers. Both
 * start when they are asked for, native where its package loads.
 */
export function nodePlatform({ threads, onFallback }: NodePlatformOptions = {}): Platform {
  const fallback = onFallback === undefined ? {} : { onFallback: once(onFallback) };
  return {
    async trainingRuntime() {
      const { childProcessRuntime } = await import('@unlikely/runtime');
      return childProcessRuntime(fallback);
    },
    async scoringRuntime() {
      const { workerPoolRuntime } = await import('@unlikely/runtime');
      return workerPoolRuntime({
        ...fallback,
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
