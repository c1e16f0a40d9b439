import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { InterruptName } from './host.ts';
import { run } from './run-command.ts';

/**
 * Runs `unlikely` as a process of its own. The first SIGINT or SIGTERM stops its command, the second
 * lets the process die at once, as if nothing had listened.
 */
export async function main(parameters: readonly string[]): Promise<ExitCode> {
  process.stdout.on('error', endWhereNobodyReads);
  const controller = new AbortController();
  const stop = (name: InterruptName): void => {
    if (!controller.signal.aborted) {
      controller.abort(name);
      return;
    }
    release();
    process.kill(process.pid, name);
  };
  const release = (): void => {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const { exitCode, leftBehind } = await run(parameters, {
    standardInput: process.stdin,
    standardOutput: process.stdout,
    standardError: process.stderr,
    environment: process.env,
    signal: controller.signal,
    endQueries: () => void endAllQueries(),
  });
  release();
  if (leftBehind !== undefined) await dieOf(leftBehind);
  return exitCode;
}

/**
 * Ends the process where a command was left behind, as the signal would have. An ordinary exit would
 * wait for its threads, or crash in them.
 */
async function dieOf(name: InterruptName): Promise<void> {
  const { removeTemporaryFiles } = await import('@unlikely/data');
  removeTemporaryFiles();
  if (process.platform !== 'win32') process.kill(process.pid, name);
}

async function endAllQueries(): Promise<void> {
  const { endQueries } = await import('@unlikely/data');
  endQueries();
}

/**
 * `unlikely score … | head` ends when its reader does, and that is no failure. Other errors of
 * standard output reach whoever wrote to it.
 */
function endWhereNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
}
