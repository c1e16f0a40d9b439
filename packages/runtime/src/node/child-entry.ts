/** What the child process of `childProcessRuntime` executes. */
import process from 'node:process';
import type { HostMessage } from '../host/protocol.ts';
import { serveSessions } from '../host/serve-sessions.ts';
import { chooseRuntime } from './choose-runtime.ts';

// A terminal interrupts the whole group; the parent decides when this process ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

// The parent may be gone before a reply is written; `disconnect` then ends this process.
const ignoreFailure = (): void => {};
const handle = serveSessions(
  ({ prefer }, onFallback) => chooseRuntime({ prefer, onFallback }),
  (reply) => process.send!(reply, undefined, {}, ignoreFailure),
  () => process.disconnect(),
);
process.on('message', (message) => handle(message as HostMessage));
process.on('disconnect', () => process.exit(0));
