import { CommanderError } from 'commander';
import { commandError } from '../../command-error.ts';
import { warn } from '../tell/warn.ts';
import { act } from './actions.ts';
import { parseCommand } from './command-line.ts';
import type { ExitCode } from './exit-code.ts';
import type { Ending, Host, InterruptName } from './host.ts';
import { interruptible } from './interrupt.ts';
import { printError } from './print-error.ts';
import { runFiles } from './run-files.ts';
import { openTerminal, quiet } from './terminal.ts';

/**
 * Runs `unlikely` with the arguments after the program's name, from the first to the exit code; never
 * throws. It owns the terminal and the interrupt of its command, and nothing of the process: many can
 * run in one, if they are for the same working folder.
 */
export async function run(parameters: readonly string[], host: Host): Promise<Ending<ExitCode>> {
  const terminal = openTerminal(host);
  let leftBehind: InterruptName | undefined;
  const ending = (exitCode: ExitCode): Ending<ExitCode> =>
    leftBehind === undefined ? { exitCode } : { exitCode, leftBehind };
  try {
    const command = await parseCommand(parameters, terminal);
    if (typeof command === 'number') return ending(command);
    const { name, options, given, warnings } = command;
    const isJson = 'json' in options && options.json === true;
    const told = isJson ? quiet(terminal) : terminal;
    warnings.forEach((warning) => warn(told)(warning));
    const { signal, endQueries } = host;
    return ending(
      await interruptible({
        terminal: told,
        ...(signal === undefined ? {} : { signal }),
        ...(endQueries === undefined ? {} : { endQueries }),
        run: async (interrupt) => {
          const files = runFiles(name, options);
          if (files.outputs.length > 0) {
            const { checkFiles } = await import('./check-files.ts');
            // What is measured is printed, too.
            await checkFiles(files, isJson || name === 'evaluate', host);
          }
          return act(name, options, { ...told, ...interrupt, command: name, given });
        },
        onLeftBehind: (name) => (leftBehind = name),
      }),
    );
  } catch (error) {
    // An error is told even where notes are not wanted.
    const code = await printError(usageOf(error), terminal, {
      isJson: parameters.includes('--json'),
      isDebugged: host.environment['DEBUG'] === 'unlikely',
    });
    return ending(code);
  }
}

/** The parser's complaints in the words of all other errors. */
function usageOf(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  const code = error.code.startsWith('commander.missing') ? 'usage/missing' : 'usage/invalid';
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return commandError(code, message, {
    help: 'unlikely --help lists the commands, and unlikely COMMAND --help the options of one.',
  });
}
