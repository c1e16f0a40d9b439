import { Option } from 'commander';
import type { CodeSource, PathKind } from '@unlikely/detect';
import type { Declare } from './command-line.ts';
import { finiteNumber, list, positiveNumber, wholeNumber } from './parse-option.ts';
import { plotKinds, plotLayouts } from './plot-kinds.ts';

/** What the declarations of all commands share. */
export interface SharedOptions {
  readonly command: Declare;
  readonly input: readonly [string, string];
  readonly optionalInput: readonly [string, string];
  readonly model: readonly [string, string];
  readonly threadsOption: () => Option;
  readonly jsonOption: () => Option;
}

// Named here as well, so that help does not load the library.
const codeSources = ['prior', 'posterior'] as const satisfies readonly CodeSource[];
const pathKinds = ['linear', 'spherical'] as const satisfies readonly PathKind[];

const group = 'Making rows:';

const outputOption = (): Option =>
  new Option(
    '-o, --output <file>',
    'a .csv, .tsv, .parquet, .json or .ndjson file; - is standard output',
  ).default('-');
const keepOption = (): Option =>
  new Option(
    '--keep <columns>',
    'columns of the input to copy into the output, separated by commas',
  ).argParser(list);
const seedOption = (): Option =>
  new Option('--seed <number>', 'same seed: same rows').argParser(wholeNumber(0)).default(1);
const example = (...lines: readonly string[]): string =>
  `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  ${line}\n`).join('')}`;

/** Declares the commands of the generative side and those that draw. */
export function generativeCommands(shared: SharedOptions): void {
  const { command, input, optionalInput, model, threadsOption, jsonOption } = shared;

  command(
    'generate',
    'make new rows such as the model holds for likely',
    [model],
    async () => (await import('./generate.ts')).generate,
  )
    .helpGroup(group)
    .addOption(outputOption())
    .addOption(
      new Option('--count <number>', 'how many rows').argParser(wholeNumber(1)).default(10),
    )
    .addOption(seedOption())
    .addOption(
      new Option(
        '--from <source>',
        'draw codes from the prior, or from the posterior of rows of training',
      )
        .choices(codeSources)
        .default('posterior'),
    )
    .option('--mean', 'the mean of each row instead of a draw: typical, with less variety')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely generate model.onnx --count 1000 -o made.csv'));

  command(
    'reconstruct',
    'say what the model expects in the place of each row',
    [model, input],
    async () => (await import('./reconstruct.ts')).reconstruct,
  )
    .helpGroup(group)
    .addOption(outputOption())
    .option('--interval', 'columns _lower and _upper: the 90 % interval of each number')
    .option(
      '--difference',
      'columns _difference: a number less what is expected, else whether they differ',
    )
    .addOption(keepOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example('unlikely reconstruct model.onnx new.csv --interval --keep id -o expected.csv'),
    );

  command(
    'denoise',
    'fill in missing cells and replace implausible ones by what the model expects',
    [model, input],
    async () => (await import('./denoise.ts')).denoise,
  )
    .helpGroup(group)
    .addOption(outputOption())
    .addOption(
      new Option(
        '--above <nats>',
        'a cell is implausible this far beyond what is usual of its column',
      )
        .argParser(positiveNumber)
        .default(10),
    )
    .addOption(
      new Option('--share <share>', 'replace at most this share of the columns of a row')
        .argParser(finiteNumber)
        .default(0.5),
    )
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely denoise model.onnx gaps.csv -o whole.csv'));

  command(
    'encode',
    'write the latent code of every row',
    [model, input],
    async () => (await import('./encode.ts')).encode,
  )
    .helpGroup(group)
    .addOption(outputOption())
    .addOption(keepOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely encode model.onnx new.csv --keep id -o codes.csv'));

  command(
    'decode',
    'make the rows that codes stand for',
    [model, ['CODES', 'a table with the columns z0, z1, …, as `unlikely encode` writes it']],
    async () => (await import('./decode.ts')).decode,
  )
    .helpGroup(group)
    .addOption(outputOption())
    .addOption(keepOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely decode model.onnx codes.csv -o rows.csv'));

  command(
    'interpolate',
    'walk from one row to another through the codes between them',
    [model, input],
    async () => (await import('./interpolate.ts')).interpolate,
  )
    .helpGroup(group)
    .requiredOption('--rows <numbers>', 'the two rows, counted from 0', list)
    .addOption(
      new Option('--steps <number>', 'rows on the way, both ends included')
        .argParser(wholeNumber(1))
        .default(8),
    )
    .addOption(
      new Option('--path <kind>', 'the straight line or the great circle')
        .choices(pathKinds)
        .default('linear'),
    )
    .addOption(outputOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely interpolate model.onnx new.csv --rows 0,17'));

  command(
    'traverse',
    'show what each latent unit does to a row',
    [model, optionalInput],
    async () => (await import('./traverse.ts')).traverse,
  )
    .helpGroup(group)
    .addOption(
      new Option('--row <number>', 'start from this row of INPUT, else from 0 in every unit')
        .argParser(wholeNumber(0))
        .default(0),
    )
    .option('--units <numbers>', 'units, counted from 0 (default: all)', list)
    .addOption(
      new Option('--range <number>', 'each unit runs from minus this to this')
        .argParser(positiveNumber)
        .default(3),
    )
    .addOption(
      new Option('--steps <number>', 'values of each unit').argParser(wholeNumber(2)).default(7),
    )
    .addOption(outputOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely traverse model.onnx --units 0,1',
        'unlikely traverse model.onnx new.csv --row 17 -o traversal.csv',
      ),
    );

  command(
    'attribute',
    'keep the direction of a trait in the model, for `unlikely transfer`',
    [model, input],
    async () => (await import('./attribute.ts')).attribute,
  )
    .helpGroup(group)
    .requiredOption('--name <name>', 'what to call it; replaces one of that name')
    .requiredOption(
      '--with <condition>',
      'rows that have it: COLUMN=VALUE,VALUE or COLUMN>=NUMBER (also != < <= >)',
    )
    .option('--without <condition>', 'rows that do not (default: all others)')
    .option('-o, --output <file>', 'where the model goes (default: MODEL itself)')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example('unlikely attribute model.onnx new.csv --name udp --with "protocol=udp"'),
    );

  command(
    'transfer',
    'give rows a trait: add an attribute of the model to their codes',
    [model, input],
    async () => (await import('./transfer.ts')).transfer,
  )
    .helpGroup(group)
    .requiredOption('--attribute <name>', 'one that `unlikely attribute` made')
    .addOption(
      new Option('--amount <number>', 'how much of it; below 0 takes it away')
        .argParser(finiteNumber)
        .default(1),
    )
    .addOption(outputOption())
    .addOption(keepOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example('unlikely transfer model.onnx new.csv --attribute udp --amount 1.5 -o moved.csv'),
    );

  command(
    'plot',
    'draw a model or its view of a table, as SVG or PNG',
    [model, optionalInput],
    async () => (await import('./plot.ts')).plot,
  )
    .helpGroup(group)
    .addOption(
      new Option(
        '--kind <kind>',
        'map of the codes, loss curves, histograms of the scores, a way between two rows',
      )
        .choices(plotKinds)
        .makeOptionMandatory(),
    )
    .requiredOption('-o, --output <file>', 'an .svg or .png file; - is SVG on standard output')
    .option('--label <column>', 'latent, histogram: tell the values of this column apart')
    .addOption(
      new Option('--layout <kind>', 'latent: main directions (PCA) or neighbourhoods (UMAP)')
        .choices(plotLayouts)
        .default('pca'),
    )
    .option('--rows <numbers>', 'interpolation: the two rows, counted from 0', list)
    .addOption(
      new Option('--steps <number>', 'interpolation: rows on the way')
        .argParser(wholeNumber(2))
        .default(25),
    )
    .addOption(
      new Option('--path <kind>', 'interpolation: the straight line or the great circle')
        .choices(pathKinds)
        .default('linear'),
    )
    .option('--error', 'histogram: of the squared error of the reconstruction, not of the score')
    .addOption(
      new Option('--seed <number>', 'latent with umap: same seed, same map')
        .argParser(wholeNumber(0))
        .default(1),
    )
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely plot model.onnx --kind loss -o loss.svg',
        'unlikely plot model.onnx new.csv --kind latent --label attack -o map.png',
      ),
    );
}
