import { HostLink } from '../host/link.ts';
import type { HostChannel } from '../host/link.ts';
import { remoteRuntime } from '../host/remote-runtime.ts';
import type { HostReply } from '../host/protocol.ts';
import type { Runtime } from '../runtime.ts';
import type { WasmRuntimeOptions } from './wasm-runtime.ts';

export interface WebWorkerRuntimeOptions extends WasmRuntimeOptions {
  /** Number of workers, each with a WebAssembly memory of its own. Default 1. */
  readonly size?: number;
  /**
   * Starts a worker that executes the module `@unlikely/runtime/web/worker`. Default: the module as
   * Vite and webpack bundle it by themselves.
   */
  readonly createWorker?: () => Worker;
}

/** The last message of a worker, which has no event for its end. */
export const ended = 'ended';

/**
 * ONNX Runtime for WebAssembly in Web Workers, so that a page stays responsive; a run goes to a free
 * worker, and the order of results is that of the calls. Feeds are copied. Throws `runtime/unavailable`,
 * and `runtime/process-lost` where a worker does not load.
 */
export function webWorkerRuntime({
  size = 1,
  engine,
  createWorker = bundledWorker,
}: WebWorkerRuntimeOptions = {}): Promise<Runtime> {
  const links = Array.from({ length: size }, () => new HostLink(workerChannel(createWorker())));
  return remoteRuntime(links, {
    prefer: 'wasm',
    // Relative to the page, and not to the worker.
    engine: engine === undefined ? undefined : new URL(engine, location.href).href,
    defaultThreads: 1,
    runsPerHost: 1,
    isTransferring: false,
    patience: 5000,
  });
}

// Written so that bundlers see the worker and build it.
function bundledWorker(): Worker {
  return new Worker(new URL('./web-worker-entry.js', import.meta.url), { type: 'module' });
}

function workerChannel(worker: Worker): HostChannel {
  let tellEnd: (reason: string) => void = () => {};
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    // A page lives as long as it is open.
    keepAlive: () => {},
    kill() {
      worker.terminate();
      tellEnd('terminated');
    },
    onReply(listener) {
      worker.addEventListener('message', ({ data }: MessageEvent<HostReply | typeof ended>) => {
        if (data === ended) tellEnd(ended);
        else listener(data);
      });
    },
    onEnded(listener) {
      tellEnd = listener;
      worker.addEventListener('error', ({ message }) =>
        listener(message || 'its script does not load'),
      );
    },
  };
}
