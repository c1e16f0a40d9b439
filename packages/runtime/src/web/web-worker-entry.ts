/** What each Web Worker of `webWorkerRuntime` executes. */
import './dispose-symbols.ts';
import type { HostMessage } from '../host/protocol.ts';
import { serveSessions } from '../host/serve-sessions.ts';
import { wasmRuntime } from './wasm-runtime.ts';
import { ended } from './web-worker-runtime.ts';

const handle = serveSessions(
  ({ engine }) => wasmRuntime(engine === undefined ? {} : { engine }),
  (reply, transfer) => postMessage(reply, [...transfer]),
  () => {
    postMessage(ended);
    close();
  },
);
addEventListener('message', ({ data }: MessageEvent<HostMessage>) => handle(data));
