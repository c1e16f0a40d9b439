import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { kindFlags } from '../../face/kind-flags.ts';
import type { CommandName, CommandOptions, Kind } from '../../face/kind-flags.ts';
import { parameterSentence } from '../../face/parameter-sentence.ts';
import { commands } from './commands.ts';
import type { ArgumentName, Declaration, FlagUse } from './declaration.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { flags } from './flags.ts';
import type { Flag, FlagName } from './flags.ts';
import { longName, readOptions } from './read-options.ts';
import type { GivenOptions } from './read-options.ts';
import type { Terminal } from './terminal.ts';
import { parsers } from './value-types.ts';

/** What the arguments ask for. */
export interface ParsedCommand<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly options: CommandOptions<Name>;
  /** Flags that the user has written. */
  readonly given: readonly FlagName[];
  /** What is to be said before it runs. */
  readonly warnings: readonly string[];
}

const declarations: Readonly<Record<CommandName, Declaration>> = commands;
const inputWords =
  'a CSV, TSV, Parquet, JSON or NDJSON file (also .gz), a folder of images, a glob, or - for standard input';
const argumentWords: Readonly<Record<ArgumentName, string>> = {
  MODEL: 'a model file that `unlikely train` wrote',
  INPUT: inputWords,
  '[INPUT]': inputWords,
  CODES: 'a table with the columns z0, z1, …, as `unlikely encode` writes it',
};
const kindGroups: Readonly<Record<Kind, string>> = { table: 'For tables:', image: 'For images:' };

/**
 * The command that the arguments after the program's name ask for, or the exit code where they ask for
 * help alone, which is printed.
 *
 * @throws CommanderError, UnlikelyError `usage/invalid`, `usage/missing`.
 */
export async function parseCommand(
  parameters: readonly string[],
  terminal: Terminal,
): Promise<ParsedCommand | ExitCode> {
  const printed: string[] = [];
  let parsed: ParsedCommand | undefined;
  const { version } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const program = new Command('unlikely')
    .description(
      'Finds the rows of a table, or the images, that are unlikely, says how unlikely, and why.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => printed.push(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => (terminal.isOutputShown ? terminal.page.width : 80),
    })
    .addHelpText('after', examples)
    .exitOverride();
  for (const name of Object.keys(declarations) as CommandName[]) {
    declare(program, name, (options) => (parsed = { name, ...options }));
  }
  if (parameters.length === 0) program.outputHelp();
  else {
    try {
      program.parse(parameters, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    }
  }
  await terminal.data(printed.join(''));
  return parsed ?? (parameters.length === 0 ? exitCodes.usage : exitCodes.done);
}

/** All flags of a command, with the group of the help that they stand in. */
export function usesOf(
  name: CommandName,
): { readonly flag: FlagName; readonly use: FlagUse; readonly group?: string }[] {
  const own = Object.entries(declarations[name].flags).map(([flag, use]) => ({ flag, use }));
  const ofKinds = Object.entries(kindFlags).flatMap(([kind, uses]) =>
    Object.entries(uses[name] ?? {}).map(([flag, use]) => ({
      flag,
      use,
      group: kindGroups[kind as Kind],
    })),
  );
  return [...own, ...ofKinds] as ReturnType<typeof usesOf>;
}

function declare(
  program: Command,
  name: CommandName,
  onParsed: (options: Omit<ParsedCommand, 'name'>) => void,
): void {
  const { description, group, arguments: positional, examples: shown } = declarations[name];
  const command = program.command(name).description(description).exitOverride();
  if (group === 'making') command.helpGroup('Making rows and images:');
  for (const argument of positional) {
    const isOptional = argument.startsWith('[');
    command.argument(isOptional ? argument : `<${argument}>`, argumentWords[argument]);
  }
  const uses = usesOf(name);
  for (const each of uses) {
    command.addOption(optionOf(each));
    if (each.use.former !== undefined) command.addOption(formerOption(each));
  }
  // Those of kinds stand below the others.
  if (shown !== undefined) command.addHelpText('after', examplesOf(shown));
  command.action((...values: unknown[]) => {
    const taken: GivenOptions = {
      values: { ...command.opts() },
      isGiven: (attribute) => command.getOptionValueSource(attribute) === 'cli',
    };
    positional.forEach((argument, index) => {
      taken.values[argument.replaceAll(/[[\]]/g, '').toLowerCase()] = values[index];
    });
    onParsed(readOptions(name, uses, taken));
  });
}

function optionOf({ flag, use, group }: ReturnType<typeof usesOf>[number]): Option {
  const definition: Flag = flags[flag];
  const usual = use.isParameter === true ? parameterSentence(flag) : definition.says;
  const option = new Option(definition.spelling, use.says ?? usual);
  parsed(option, use.choices === undefined ? definition : { ...definition, choices: use.choices });
  const where = definition.group ?? group;
  if (where !== undefined) option.helpGroup(where);
  if (use.excludes !== undefined) option.conflicts([...use.excludes]);
  if (use.default !== undefined) {
    const { default: value } = use;
    option.default(value, Array.isArray(value) ? value.join(',') : undefined);
  }
  return option;
}

/** The same under its former name, which the help does not show. */
function formerOption({ flag, use }: ReturnType<typeof usesOf>[number]): Option {
  const definition: Flag = flags[flag];
  const value = definition.spelling.slice(longName(definition.spelling).length);
  const option = new Option(`${use.former!}${/ <.*/.exec(value)?.[0] ?? ''}`).hideHelp();
  return parsed(option, definition);
}

function parsed(option: Option, { type, choices }: Flag): Option {
  if (choices !== undefined) return option.choices(choices);
  const parse = parsers[type] as ((text: string, previous: unknown) => unknown) | undefined;
  return parse === undefined ? option : option.argParser(parse);
}

function examplesOf(lines: readonly string[]): string {
  const head = lines.length > 1 ? 'Examples' : 'Example';
  return `\n${head}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

const examples = `
Examples:
  unlikely demo
  unlikely train normal.csv -o model.onnx
  unlikely score model.onnx new.csv --keep id --explain 3 -o scores.csv
  unlikely train payments.parquet --label fraud --ignore id
  unlikely evaluate model.onnx labelled.parquet --label fraud --report report.html
  unlikely train photos/normal -o photos.onnx
  unlikely report photos.onnx photos --gallery pictures

Exit codes: 0 done, 1 failure, 2 wrong usage, 3 input does not fit, 4 a gate failed,
5 the model file is corrupt or too new, 130 and 143 interrupted.
`;
