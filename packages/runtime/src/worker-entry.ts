/** What each worker thread of `workerPoolRuntime` executes. */
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import type { HostMessage } from './host-protocol.ts';
import { hostSessions } from './session-host.ts';

const port = parentPort!;
const handle = hostSessions(
  (reply, transfer) => port.postMessage(reply, transfer),
  // Called between runs, it ends this thread only; `terminate` from outside might fall inside a run,
  // which aborts the whole process. To close the port is not enough: WASM keeps the thread alive.
  () => process.exit(0),
);
port.on('message', (message) => handle(message as HostMessage));
