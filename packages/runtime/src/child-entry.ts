/** What the child process of `childProcessRuntime` executes. */
import process from 'node:process';
import type { HostMessage } from './host-protocol.ts';
import { hostSessions } from './session-host.ts';

// A terminal interrupts the whole group; the parent decides when this process ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

// The parent may be gone before a reply is written; `disconnect` then ends this process.
const ignoreFailure = (): void => {};
const handle = hostSessions(
  (reply) => process.send!(reply, undefined, {}, ignoreFailure),
  () => process.disconnect(),
);
process.on('message', (message) => handle(message as HostMessage));
process.on('disconnect', () => process.exit(0));
