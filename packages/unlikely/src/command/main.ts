import { CommanderError } from 'commander';
import { commandError } from '../command-error.ts';
import type { CommandErrorCode } from './error-code.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { leaveBehind } from './interrupt.ts';
import { printError } from './print-error.ts';
import { commandLine } from './command-line.ts';
import { openTerminal } from './terminal.ts';

/** Runs `unlikely` with the arguments after the program's name; never throws. */
export async function main(parameters: readonly string[]): Promise<ExitCode> {
  const isJson = parameters.includes('--json');
  process.stdout.on('error', endWhereNobodyReads);
  try {
    return await commandLine(parameters);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    // An error is told even where notes are not wanted.
    const code = await printError(usageOf(error), openTerminal(), isJson);
    await leaveBehind();
    return code;
  }
}

/**
 * `unlikely score … | head` ends when its reader does, and that is no failure. Other errors of
 * standard output reach whoever wrote to it.
 */
function endWhereNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
}

/** The parser's complaints in the words of all other errors. */
function usageOf(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  const code: CommandErrorCode = error.code.startsWith('commander.missing')
    ? 'usage/missing'
    : 'usage/invalid';
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return commandError(code, message, {
    help: 'unlikely --help lists the commands, and unlikely COMMAND --help the options of one.',
  });
}
