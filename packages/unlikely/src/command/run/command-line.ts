import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { generativeCommands } from './generative-commands.ts';
import { columnKind, finiteNumber, list, share, shareOrNone, wholeNumber } from './parse-option.ts';
import { parameterOption } from './parameter-option.ts';
import { plotCommand } from './plot-command.ts';
import { runFiles } from './run-files.ts';
import type { CommandName, RunFiles } from './run-files.ts';
import type { Run } from './run.ts';
import type { Terminal } from './terminal.ts';

/** What a command's file exports: it is imported when the command runs, so that others start fast. */
type Action<Options> = (options: Options, run: Run) => Promise<ExitCode>;

/**
 * Declares a command; the positional arguments join its options under their names. An argument in
 * brackets may be left out.
 */
export type Declare = <Options extends object>(
  name: CommandName,
  description: string,
  positional: readonly (readonly [name: string, description: string])[],
  load: () => Promise<Action<Options>>,
) => Command;

const inputs =
  'a CSV, TSV, Parquet, JSON or NDJSON file (also .gz), a folder of images, a glob, or - for standard input';
const input = ['INPUT', inputs] as const;
const optionalInput = ['[INPUT]', inputs] as const;
const model = ['MODEL', 'a model file that `unlikely train` wrote'] as const;

const normalOption = (): Option =>
  new Option(
    '--normal <values>',
    'values of the label that mean normal (default: 0, false, no, normal, benign, ok, good)',
  ).argParser(list);
const allRowsOption = (): Option =>
  new Option(
    '--all-rows',
    'measure on rows that trained the model, too: their figures are too good',
  );
const threadsOption = (): Option =>
  new Option('--threads <number>', 'processor cores to use (default: all)').argParser(
    wholeNumber(1),
  );
const jsonOption = (): Option => new Option('--json', 'print one JSON object on standard output');
const galleryOption = (): Option =>
  new Option(
    '--gallery <folder>',
    'images: write the least and the most likely ones with heat maps as PNG files',
  );
const fastOption = (): Option =>
  new Option(
    '--fast',
    'score by the posterior mean of one network: several times faster, less exact',
  );
const rateOption = (): Option =>
  new Option('--fpr <share>', 'flag at most this share of normal rows (default: 0.01)').argParser(
    share,
  );

/** How the text of an input is to be read. */
const inputOptions = (): Option[] =>
  [
    new Option('--delimiter <character>', 'between the values of a row (default: the likeliest)'),
    new Option('--encoding <name>', 'default: utf-8').choices(['utf-8', 'latin-1', 'utf-16']),
    new Option('--no-header', 'the first line holds values: columns are column_1, column_2, …'),
  ].map((option) => option.helpGroup('Reading CSV and TSV:'));

/** A command with its options, ready to run. */
export interface ParsedCommand {
  readonly files: RunFiles;
  /** Whether data beside the files of `--output` goes to standard output. */
  readonly printsData: boolean;
  readonly isJson: boolean;
  readonly start: (run: Run) => Promise<ExitCode>;
}

/**
 * The command that the arguments after the program's name ask for, or the exit code where they ask for
 * help alone, which is printed. Throws commander's error.
 */
export async function parseCommand(
  parameters: readonly string[],
  terminal: Terminal,
): Promise<ParsedCommand | ExitCode> {
  let parsed: ParsedCommand | undefined;
  const printed: string[] = [];
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
    .addHelpText('after', examples);

  const readers: Command[] = [];
  const command: Declare = (name, description, positional, load) => {
    const made = program.command(name).description(description).exitOverride();
    for (const [argument, meaning] of positional) {
      made.argument(argument.startsWith('[') ? argument : `<${argument}>`, meaning);
    }
    if (positional.some(([, meaning]) => meaning === inputs)) readers.push(made);
    return made.action((...values: unknown[]) => {
      const options: Record<string, unknown> = { ...made.opts() };
      positional.forEach(([argument], index) => {
        options[argument.replaceAll(/[[\]]/g, '').toLowerCase()] = values[index];
      });
      parsed = {
        files: runFiles[name](options),
        printsData: options['json'] === true || name === 'evaluate',
        isJson: options['json'] === true,
        start: async (run) => {
          const action = await load();
          return action(options as never, run);
        },
      };
    });
  };

  command(
    'train',
    'learn what normal rows or images look like',
    [input],
    async () => (await import('../train.ts')).train,
  )
    .option('-o, --output <file>', 'where the model goes', 'model.onnx')
    .option('--label <column>', 'train on the rows that this column calls normal, and hold it out')
    .addOption(normalOption())
    .addOption(
      new Option(
        '--test-share <share>',
        'with labels: share kept from training to measure the model on, 0 for none (default: 0.2)',
      ).argParser(shareOrNone),
    )
    .option('--no-stored-rows', 'the model keeps nothing of single rows or images, and finds less')
    .option('--ignore <columns>', 'columns to leave out, separated by commas', list)
    .option(
      '--kind <column=kind>',
      'take a column as numeric, binary, categorical, count, timestamp or ignored',
      columnKind,
    )
    .option(
      '--contaminated',
      'the rows may hold anomalies: learns the many, and names the rows that stand out',
    )
    .option('--suspects <file>', 'with --contaminated: where the rows that stand out are written')
    .addOption(parameterOption('seed', 0))
    .addOption(parameterOption('steps'))
    .option(
      '--size <pixels>',
      'images: the longer side (default: by the images, at most 128)',
      wholeNumber(28),
    )
    .addOption(parameterOption('members'))
    .option('--config <file>', 'JSON of further settings; options given here win')
    .option(
      '--from <model>',
      'go on from a trained model: its columns and weights, new calibration',
    )
    .option('--checkpoint <file>', 'where unfinished training is kept (default: OUTPUT.checkpoint)')
    .option('--resume', 'go on from the checkpoint, to the same model as without the break')
    .addOption(
      new Option(
        '--fpr <share>',
        'false-positive rate at which injected anomalies count as found (default: 0.01)',
      ).argParser(share),
    )
    .addOption(threadsOption())
    .addOption(
      new Option('--fail-on <gate>', 'exit with 4 unless the model is healthy').choices(['health']),
    )
    .addOption(jsonOption());

  command(
    'score',
    'say of every row or image how unlikely it is',
    [model, input],
    async () => (await import('../score.ts')).score,
  )
    .option(
      '-o, --output <file>',
      'a .csv, .tsv, .parquet, .json or .ndjson file; - is standard output',
      '-',
    )
    .addOption(rateOption().conflicts(['fdr', 'alerts', 'threshold']))
    .addOption(
      new Option(
        '--fdr <share>',
        'flag rows of which at most this share is expected to be normal (needs all rows at once)',
      )
        .argParser(share)
        .conflicts(['fpr', 'alerts', 'threshold']),
    )
    .addOption(
      new Option('--alerts <number>', 'flag this many rows: the most unlikely ones')
        .argParser(wholeNumber(1))
        .conflicts(['fpr', 'fdr', 'threshold']),
    )
    .addOption(
      new Option('--threshold <score>', 'flag the rows that score above it')
        .argParser(finiteNumber)
        .conflicts(['fpr', 'fdr', 'alerts']),
    )
    .option(
      '--keep <columns>',
      'columns of the input to copy into the output, separated by commas',
      list,
    )
    .option(
      '--explain <number>',
      'say of flagged rows which features their scores come from, at most this many',
      wholeNumber(1),
    )
    .addOption(galleryOption())
    .addOption(fastOption())
    .addOption(threadsOption())
    .addOption(jsonOption());

  command(
    'evaluate',
    'measure the model on rows whose label is known',
    [model, input],
    async () => (await import('../evaluate.ts')).evaluate,
  )
    .option(
      '--label <column>',
      'the column that says which rows are anomalies; of images, the folder does',
    )
    .addOption(normalOption())
    .addOption(rateOption())
    .option(
      '--reference <file>',
      'normal rows that the simple methods learn from, best those of training',
    )
    .option('--report <file>', 'write an HTML report too')
    .option('--no-baselines', 'leave out the simple methods printed beside the model')
    .addOption(allRowsOption())
    .addOption(fastOption())
    .addOption(threadsOption())
    .addOption(jsonOption());

  command(
    'explain',
    'say why rows are unlikely',
    [model, input],
    async () => (await import('../explain.ts')).explain,
  )
    .requiredOption('--row <numbers>', 'row numbers, counted from 0, separated by commas', list)
    .option('--top <number>', 'features to show of each row', wholeNumber(1), 8)
    .addOption(threadsOption())
    .addOption(jsonOption());

  command(
    'inspect',
    'show what a model file holds',
    [model],
    async () => (await import('../inspect.ts')).inspect,
  ).addOption(jsonOption());

  command(
    'report',
    'score a table or images into one self-contained HTML page',
    [model, input],
    async () => (await import('../report.ts')).report,
  )
    .option('-o, --output <file>', 'where the page goes', 'report.html')
    .option('--label <column>', 'the column that says which rows are anomalies')
    .addOption(normalOption())
    .addOption(allRowsOption())
    .addOption(rateOption())
    .addOption(galleryOption())
    .addOption(threadsOption())
    .addOption(jsonOption());

  const shared = { command, input, optionalInput, model, threadsOption, jsonOption };
  generativeCommands(shared);
  plotCommand(shared);

  command(
    'demo',
    'train and score real network connections, in a minute',
    [],
    async () => (await import('../demo.ts')).demo,
  )
    .option('-o, --output <folder>', 'where the model and the report go', 'unlikely-demo')
    .addOption(jsonOption());

  command(
    'doctor',
    'check that this machine computes right, and how fast',
    [],
    async () => (await import('../doctor.ts')).doctor,
  ).addOption(jsonOption());

  // Last, so that they stand below the options of the command itself.
  for (const reader of readers) for (const option of inputOptions()) reader.addOption(option);
  program.exitOverride();
  if (parameters.length === 0) {
    program.outputHelp();
  } else {
    try {
      program.parse(parameters, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    }
  }
  await terminal.data(printed.join(''));
  return parsed ?? (parameters.length === 0 ? exitCodes.usage : exitCodes.done);
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
