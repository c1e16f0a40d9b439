import { Option } from 'commander';
import type { CodeSource } from '@unlikely/detect';
import { finiteNumber, list, numberList, positiveNumber, wholeNumber } from './parse-option.ts';
import { example, generativeGroup, pathKinds } from './shared-options.ts';
import type { SharedOptions } from './shared-options.ts';

// Named here as well, so that help does not load the library.
const codeSources = ['prior', 'posterior'] as const satisfies readonly CodeSource[];

const outputOption = (): Option =>
  new Option(
    '-o, --output <file>',
    'a .csv, .tsv, .parquet, .json or .ndjson file; images: a .png file for a grid, else a folder for a file each; - is standard output',
  ).default('-');
const tableOption = (): Option =>
  new Option(
    '-o, --output <file>',
    'a .csv, .tsv, .parquet, .json or .ndjson file; - is standard output',
  ).default('-');
const rowsOption = (): Option =>
  new Option('--rows <numbers>', 'images: only these, counted from 0').argParser(list);
const keepOption = (): Option =>
  new Option(
    '--keep <columns>',
    'columns of the input to copy into the output, separated by commas',
  ).argParser(list);
const seedOption = (): Option =>
  new Option('--seed <number>', 'same seed: same rows').argParser(wholeNumber(0)).default(1);
/** Declares the commands of the generative side. */
export function generativeCommands(shared: SharedOptions): void {
  const { command, input, optionalInput, model, threadsOption, jsonOption } = shared;

  command(
    'generate',
    'make new rows or images such as the model holds for likely',
    [model],
    async () => (await import('../generate.ts')).generate,
  )
    .helpGroup(generativeGroup)
    .addOption(outputOption())
    .addOption(new Option('--count <number>', 'how many').argParser(wholeNumber(1)).default(10))
    .addOption(seedOption())
    .addOption(
      new Option(
        '--from <source>',
        'draw codes from the prior, or from the posterior of rows of training',
      )
        .choices(codeSources)
        .default('posterior'),
    )
    .option(
      '--mean',
      'rows: the mean of each instead of a draw: typical, with less variety (images always are)',
    )
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely generate model.onnx --count 1000 -o made.csv',
        'unlikely generate photos.onnx --count 64 -o made.png',
      ),
    );

  command(
    'reconstruct',
    'say what the model expects in the place of each row or image',
    [model, input],
    async () => (await import('../reconstruct.ts')).reconstruct,
  )
    .helpGroup(generativeGroup)
    .addOption(outputOption())
    .option('--interval', 'rows: columns _lower and _upper, the 90 % interval of each number')
    .option(
      '--difference',
      'columns _difference: a number less what is expected, else whether they differ; images: a third panel',
    )
    .addOption(keepOption())
    .addOption(rowsOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely reconstruct model.onnx new.csv --interval --keep id -o expected.csv',
        'unlikely reconstruct photos.onnx new --rows 0,5,9 -o expected.png',
      ),
    );

  command(
    'denoise',
    'fill in missing cells and replace implausible ones by what the model expects; images as a whole',
    [model, input],
    async () => (await import('../denoise.ts')).denoise,
  )
    .helpGroup(generativeGroup)
    .addOption(outputOption())
    .addOption(
      new Option(
        '--above <nats>',
        'rows: a cell is implausible this far beyond what is usual of its column (default: 10)',
      ).argParser(positiveNumber),
    )
    .addOption(
      new Option(
        '--share <share>',
        'rows: replace at most this share of the columns (default: 0.5)',
      ).argParser(finiteNumber),
    )
    .addOption(rowsOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely denoise model.onnx gaps.csv -o whole.csv',
        'unlikely denoise photos.onnx noisy -o clean/',
      ),
    );

  command(
    'encode',
    'write the latent code of every row or image',
    [model, input],
    async () => (await import('../encode.ts')).encode,
  )
    .helpGroup(generativeGroup)
    .addOption(tableOption())
    .addOption(keepOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely encode model.onnx new.csv --keep id -o codes.csv'));

  command(
    'decode',
    'make the rows or images that codes stand for',
    [model, ['CODES', 'a table with the columns z0, z1, …, as `unlikely encode` writes it']],
    async () => (await import('../decode.ts')).decode,
  )
    .helpGroup(generativeGroup)
    .addOption(outputOption())
    .addOption(keepOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText('after', example('unlikely decode model.onnx codes.csv -o rows.csv'));

  command(
    'interpolate',
    'walk from one row or image to another through the codes between them',
    [model, input],
    async () => (await import('../interpolate.ts')).interpolate,
  )
    .helpGroup(generativeGroup)
    .requiredOption('--rows <numbers>', 'the two rows, counted from 0', list)
    .addOption(
      new Option('--steps <number>', 'rows or images on the way, both ends included')
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
    'show what each latent unit does to a row or an image',
    [model, optionalInput],
    async () => (await import('../traverse.ts')).traverse,
  )
    .helpGroup(generativeGroup)
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
    async () => (await import('../attribute.ts')).attribute,
  )
    .helpGroup(generativeGroup)
    .requiredOption('--name <name>', 'what to call it; replaces one of that name')
    .requiredOption(
      '--with <condition>',
      'rows that have it: COLUMN=VALUE,VALUE or COLUMN>=NUMBER (also != < <= >); images: label=FOLDER',
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
    'give rows or images a trait: add an attribute of the model to their codes',
    [model, input],
    async () => (await import('../transfer.ts')).transfer,
  )
    .helpGroup(generativeGroup)
    .requiredOption('--attribute <name>', 'one that `unlikely attribute` made')
    .addOption(
      new Option(
        '--amount <number>',
        'how much of it; below 0 takes it away; images: several, separated by commas',
      )
        .argParser(numberList)
        .default([1], '1'),
    )
    .addOption(outputOption())
    .addOption(keepOption())
    .addOption(rowsOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example(
        'unlikely transfer model.onnx new.csv --attribute udp --amount 1.5 -o moved.csv',
        'unlikely transfer photos.onnx new --attribute smile --amount=-1,0,1 --rows 0,5 -o smiles.png',
      ),
    );
}
