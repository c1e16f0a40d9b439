import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { childProcessRuntime } from './child-process-runtime.ts';
import { entryFile } from './entry-file.ts';
import { HostLink } from '../host/link.ts';
import type { HostChannel } from '../host/link.ts';
import { remoteRuntime } from '../host/remote-runtime.ts';
import type { Runtime, RuntimeName } from '../runtime.ts';
import { silenceTelemetry } from './silence-telemetry.ts';

export interface WorkerPoolRuntimeOptions {
  /** Number of worker threads. Default: the parallelism available to this process. */
  readonly size?: number;
  /** Default `native`. */
  readonly prefer?: RuntimeName;
  /** Told in words why the native runtime is not used though it was preferred. */
  readonly onFallback?: (message: string) => void;
}

/**
 * Worker threads, each with its own single-threaded session of every program; a run goes to a free
 * worker, and the order of results is that of the calls. The caller gives up its feeds: an
 * ArrayBuffer that a feed fills completely is transferred and empty afterwards; a feed that is a
 * part of a larger buffer is copied. In a worker thread itself it is a child process, for the sake of
 * `silenceTelemetry`. Do not call `process.exit` during a run: it aborts the process.
 */
export async function workerPoolRuntime({
  size = availableParallelism(),
  prefer = 'native',
  onFallback,
}: WorkerPoolRuntimeOptions = {}): Promise<Runtime> {
  if (!silenceTelemetry()) {
    return childProcessRuntime({ prefer, ...(onFallback === undefined ? {} : { onFallback }) });
  }
  const links = Array.from({ length: size }, () => new HostLink(workerChannel()));
  return remoteRuntime(links, {
    prefer,
    onFallback,
    defaultThreads: 1,
    runsPerHost: 1,
    isTransferring: true,
    patience: 5000,
  });
}

function workerChannel(): HostChannel {
  // The flags of this process (a loader, an inspector's port) are not meant for the worker.
  const worker = new Worker(entryFile('worker-entry'), { execArgv: [] });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    keepAlive: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
    // Reached only when every run has ended, so that nothing native is interrupted.
    kill: () => void worker.terminate(),
    onReply: (listener) => void worker.on('message', listener),
    onEnded(listener) {
      worker.on('error', (error) => listener(error.message));
      worker.on('exit', (code) => listener(`exit code ${code}`));
    },
  };
}
