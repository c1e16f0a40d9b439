import { inspect } from 'node:util';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** An error as a program reads it, with `--json`. */
interface PrintedError {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/** What is known of anything that was thrown: what is not an error of ours is `internal`. */
function describeError(error: unknown): PrintedError {
  if (error instanceof Error && error.name === 'UnlikelyError' && 'code' in error) {
    const { code, help } = error as Error & { code: string; help?: string };
    return { code, message: error.message, ...(help === undefined ? {} : { help }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `internal: ${message}`,
    help: 'This is a bug in Unlikely; DEBUG=unlikely shows where it happened. Please report it.',
  };
}

/** `what was expected, what came` and below it what to do; one JSON object with `--json`. */
export async function printError(
  error: unknown,
  terminal: Terminal,
  { isJson, isDebugged }: { readonly isJson: boolean; readonly isDebugged: boolean },
): Promise<ExitCode> {
  const printed = describeError(error);
  if (isJson) await terminal.data(`${JSON.stringify({ error: printed })}\n`);
  else {
    const { paint } = terminal;
    const code = paint.dim(`[${printed.code}]`);
    // Only indented lines begin anew: what a message quotes cannot pretend to be another line.
    const lines = `${paint.red(paint.bold('error'))}  ${printed.message}  ${code}`.split(/\n(?= )/);
    for (const line of lines) terminal.note(line);
    if (printed.help !== undefined) terminal.note(`       ${printed.help}`);
  }
  if (isDebugged) {
    for (const line of inspect(error).split('\n')) terminal.note(line);
  }
  const codes: Readonly<Partial<Record<string, ExitCode>>> = exitCodeOf;
  return codes[printed.code] ?? exitCodes.failure;
}
