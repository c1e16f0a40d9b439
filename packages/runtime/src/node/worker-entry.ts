/** What each worker thread of `workerPoolRuntime` executes. */
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import type { HostMessage } from '../host/protocol.ts';
import { serveSessions } from '../host/serve-sessions.ts';
import { chooseRuntime } from './choose-runtime.ts';

const port = parentPort!;
const handle = serveSessions(
  ({ prefer }, onFallback) => chooseRuntime({ prefer, onFallback }),
  (reply, transfer) => port.postMessage(reply, transfer),
  // Called between runs, it ends this thread only; `terminate` from outside might fall inside a run,
  // which aborts the whole process. To close the port is not enough: WASM keeps the thread alive.
  () => process.exit(0),
);
port.on('message', (message) => handle(message as HostMessage));
