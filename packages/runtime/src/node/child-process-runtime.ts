import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entryFile } from './entry-file.ts';
import { HostLink } from '../host/link.ts';
import type { HostChannel } from '../host/link.ts';
import type { HostReply } from '../host/protocol.ts';
import { remoteRuntime } from '../host/remote-runtime.ts';
import type { Runtime, RuntimeName } from '../runtime.ts';

export interface ChildProcessRuntimeOptions {
  /** Default `native`. */
  readonly prefer?: RuntimeName;
  /** Told in words why the native runtime is not used though it was preferred. */
  readonly onFallback?: (message: string) => void;
  /** Milliseconds that the child has to end by itself in `dispose`. Default 5,000. */
  readonly patience?: number;
}

export interface ChildProcessRuntime extends Runtime {
  readonly processId: number;
  /** Ends the child at once, in the middle of a run too; what is pending fails with `runtime/process-lost`. */
  kill(): void;
}

/**
 * Sessions in a child process, so that a long run leaves this one responsive and can be killed.
 * Feeds and results are copied between the processes. The child ignores interrupts, which a terminal
 * sends to it too; it ends with `dispose`, and when this process ends, however it ends.
 */
export async function childProcessRuntime({
  prefer = 'native',
  onFallback,
  patience = 5000,
}: ChildProcessRuntimeOptions = {}): Promise<ChildProcessRuntime> {
  const child = fork(fileURLToPath(entryFile('child-entry')), [], {
    serialization: 'advanced',
    // The flags of this process (an inspector's port, a loader) are not meant for the child.
    execArgv: [],
    // Standard output belongs to the caller's data.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const runtime = await remoteRuntime([new HostLink(childChannel(child))], {
    prefer,
    onFallback,
    defaultThreads: undefined,
    runsPerHost: 2,
    isTransferring: false,
    patience,
  });
  return { ...runtime, processId: child.pid!, kill: () => void child.kill('SIGKILL') };
}

function childChannel(child: ChildProcess): HostChannel {
  return {
    // A failure to send means that the child has ended, which `onEnded` reports.
    post: (message) => void child.send(message, () => {}),
    keepAlive(isNeeded) {
      if (isNeeded) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    kill: () => void child.kill('SIGKILL'),
    onReply: (listener) => void child.on('message', (reply) => listener(reply as HostReply)),
    onEnded(listener) {
      child.on('exit', (code, signal) => listener(signal ?? `exit code ${code}`));
      child.on('error', (error) => listener(error.message));
    },
  };
}
