import type { FlagValues, ValueType } from './value-types.ts';

/** What a path is for: `picture` is a file, or without an ending a folder. */
export type FileUse = 'read' | 'file' | 'folder' | 'picture';

/** A flag: what it is called, and what its value is. */
export interface Flag {
  /** As it is written: `-o, --output <file>`. */
  readonly spelling: string;
  readonly type: ValueType;
  /** The values of a `choice`. */
  readonly choices?: readonly string[];
  /** What it says wherever a command does not say it better. */
  readonly says: string;
  /** In the help, below the others. */
  readonly group?: string;
  /** Is a path that is read, or written as a file or a folder. */
  readonly file?: FileUse;
}

/** Every flag of the command line: one meaning each, in whichever commands it stands. */
export const flags = {
  above: {
    spelling: '--above <nats>',
    type: 'positive',
    says: 'a cell is implausible this far beyond what is usual of its column (default: 10)',
  },
  alerts: {
    spelling: '--alerts <number>',
    type: 'whole-from-1',
    says: 'flag this many rows: the most unlikely ones',
  },
  allRows: {
    spelling: '--all-rows',
    type: 'switch',
    says: 'measure on rows that trained the model, too: their figures are too good',
  },
  amount: {
    spelling: '--amount <number>',
    type: 'numbers',
    says: 'how much of it; below 0 takes it away; images: several, separated by commas',
  },
  attribute: {
    spelling: '--attribute <name>',
    type: 'text',
    says: 'one that `unlikely attribute` made',
  },
  baselines: {
    spelling: '--no-baselines',
    type: 'off',
    says: 'leave out the simple methods printed beside the model',
  },
  between: {
    spelling: '--between <numbers>',
    type: 'list',
    says: 'the two rows, counted from 0',
  },
  checkpoint: {
    spelling: '--checkpoint <file>',
    type: 'text',
    says: 'where unfinished training is kept (default: OUTPUT.checkpoint)',
    file: 'file',
  },
  codesFrom: {
    spelling: '--codes-from <source>',
    type: 'choice',
    choices: ['prior', 'posterior'],
    says: 'draw codes from the prior, or from the posterior of rows of training',
  },
  config: {
    spelling: '--config <file>',
    type: 'text',
    says: 'JSON of further settings; options given here win',
    file: 'read',
  },
  contaminated: {
    spelling: '--contaminated',
    type: 'switch',
    says: 'the rows may hold anomalies: learns the many, and names the rows that stand out',
  },
  count: { spelling: '--count <number>', type: 'whole-from-1', says: 'how many' },
  delimiter: {
    spelling: '--delimiter <character>',
    type: 'text',
    says: 'between the values of a row (default: the likeliest)',
    group: 'Reading CSV and TSV:',
  },
  difference: {
    spelling: '--difference',
    type: 'switch',
    says: 'columns _difference: a number less what is expected, else whether they differ; images: a third panel',
  },
  encoding: {
    spelling: '--encoding <name>',
    type: 'choice',
    choices: ['utf-8', 'latin-1', 'utf-16'],
    says: 'default: utf-8',
    group: 'Reading CSV and TSV:',
  },
  error: {
    spelling: '--error',
    type: 'switch',
    says: 'of the squared error of the reconstruction, not of the score',
  },
  explain: {
    spelling: '--explain <number>',
    type: 'whole-from-1',
    says: 'say of flagged rows which features their scores come from, at most this many',
  },
  failOn: {
    spelling: '--fail-on <gate>',
    type: 'choice',
    choices: ['health', 'drift'],
    says: 'exit with 4 unless the model is healthy',
  },
  fast: {
    spelling: '--fast',
    type: 'switch',
    says: 'score by the posterior mean of one network: several times faster, less exact',
  },
  fdr: {
    spelling: '--fdr <share>',
    type: 'share',
    says: 'flag rows of which at most this share is expected to be normal (needs all rows at once)',
  },
  fpr: {
    spelling: '--fpr <share>',
    type: 'share',
    says: 'flag at most this share of normal rows (default: 0.01)',
  },
  from: {
    spelling: '--from <model>',
    type: 'text',
    says: 'go on from a trained model: its columns and weights, new calibration',
    file: 'read',
  },
  gallery: {
    spelling: '--gallery <folder>',
    type: 'text',
    says: 'write the least and the most likely ones with heat maps as PNG files',
    file: 'folder',
  },
  follow: {
    spelling: '--follow',
    type: 'switch',
    says: 'answer each line of standard input as soon as it comes: NDJSON, or CSV with a header',
  },
  header: {
    spelling: '--no-header',
    type: 'off',
    says: 'the first line holds values: columns are column_1, column_2, …',
    group: 'Reading CSV and TSV:',
  },
  ignore: {
    spelling: '--ignore <columns>',
    type: 'list',
    says: 'columns to leave out, separated by commas',
  },
  interval: {
    spelling: '--interval',
    type: 'switch',
    says: 'columns _lower and _upper, the 90 % interval of each number',
  },
  json: { spelling: '--json', type: 'switch', says: 'print one JSON object on standard output' },
  keep: {
    spelling: '--keep <columns>',
    type: 'list',
    says: 'columns of the input to copy into the output, separated by commas',
  },
  kind: {
    spelling: '--kind <column=kind>',
    type: 'column-kinds',
    says: 'take a column as numeric, binary, categorical, count, timestamp or ignored',
  },
  label: {
    spelling: '--label <column>',
    type: 'text',
    says: 'the column that says which rows are anomalies',
  },
  labels: {
    spelling: '--no-labels',
    type: 'off',
    says: 'leave the labels of images aside, so that the map shows the scores',
  },
  layout: {
    spelling: '--layout <kind>',
    type: 'choice',
    choices: ['pca', 'umap'],
    says: 'main directions (PCA) or neighbourhoods (UMAP)',
  },
  mean: {
    spelling: '--mean',
    type: 'switch',
    says: 'the mean of each instead of a draw: typical, with less variety (images always are)',
  },
  members: {
    spelling: '--members <number>',
    type: 'whole-from-1',
    says: 'networks whose scores are averaged',
  },
  name: {
    spelling: '--name <name>',
    type: 'text',
    says: 'what to call it; replaces one of that name',
  },
  normal: {
    spelling: '--normal <values>',
    type: 'list',
    says: 'values of the label that mean normal (default: 0, false, no, normal, benign, ok, good)',
  },
  output: {
    spelling: '-o, --output <file>',
    type: 'text',
    says: 'a .csv, .tsv, .parquet, .json or .ndjson file; images: a .png file for a grid, else a folder for a file each; - is standard output',
    file: 'file',
  },
  path: {
    spelling: '--path <kind>',
    type: 'choice',
    choices: ['linear', 'spherical'],
    says: 'the straight line or the great circle',
  },
  picture: {
    spelling: '--picture <kind>',
    type: 'choice',
    choices: ['latent', 'loss', 'histogram', 'interpolation'],
    says: 'map of the codes, loss curves, histograms of the scores, a way between two rows',
  },
  points: {
    spelling: '--points <number>',
    type: 'whole-from-2',
    says: 'rows or images on the way, both ends included',
  },
  range: {
    spelling: '--range <number>',
    type: 'positive',
    says: 'each unit runs from minus this to this',
  },
  reference: {
    spelling: '--reference <file>',
    type: 'text',
    says: 'normal rows that the simple methods learn from, best those of training',
    file: 'read',
  },
  report: {
    spelling: '--report <file>',
    type: 'text',
    says: 'write an HTML report too',
    file: 'file',
  },
  resume: {
    spelling: '--resume',
    type: 'switch',
    says: 'go on from the checkpoint, to the same model as without the break',
  },
  row: {
    spelling: '--row <number>',
    type: 'whole-from-0',
    says: 'start from this row of INPUT (default: 0)',
  },
  rows: { spelling: '--rows <numbers>', type: 'list', says: 'only these, counted from 0' },
  seed: {
    spelling: '--seed <number>',
    type: 'whole-from-0',
    says: 'same seed: same result (default: 1)',
  },
  share: {
    spelling: '--share <share>',
    type: 'number',
    says: 'replace at most this share of the columns (default: 0.5)',
  },
  size: {
    spelling: '--size <pixels>',
    type: 'whole-from-28',
    says: 'the longer side (default: by the images, at most 128)',
  },
  steps: {
    spelling: '--steps <number>',
    type: 'whole-from-1',
    says: 'optimisation steps',
  },
  storedRows: {
    spelling: '--no-stored-rows',
    type: 'off',
    says: 'the model keeps nothing of single rows or images, and finds less',
  },
  suspects: {
    spelling: '--suspects <file>',
    type: 'text',
    says: 'with --contaminated: where the rows that stand out are written',
    file: 'file',
  },
  testFpr: {
    spelling: '--test-fpr <share>',
    type: 'share',
    says: 'false-positive rate at which injected anomalies and the rows to test on count as found (default: 0.01)',
  },
  testShare: {
    spelling: '--test-share <share>',
    type: 'share-or-none',
    says: 'with labels: share kept from training to measure the model on, 0 for none (default: 0.2)',
  },
  threads: {
    spelling: '--threads <number>',
    type: 'whole-from-1',
    says: 'processor cores to use (default: all)',
  },
  threshold: {
    spelling: '--threshold <score>',
    type: 'number',
    says: 'flag the rows that score above it',
  },
  top: {
    spelling: '--top <number>',
    type: 'whole-from-1',
    says: 'features to show of each row',
  },
  units: {
    spelling: '--units <numbers>',
    type: 'list',
    says: 'units, counted from 0 (default: all)',
  },
  with: {
    spelling: '--with <condition>',
    type: 'text',
    says: 'rows that have it: COLUMN=VALUE,VALUE or COLUMN>=NUMBER (also != < <= >); images: label=FOLDER',
  },
  without: {
    spelling: '--without <condition>',
    type: 'text',
    says: 'rows that do not (default: all others)',
  },
} as const;

export type FlagName = keyof typeof flags;

/** What the value of a flag is in the program. */
export type FlagValue<Name extends FlagName> = (typeof flags)[Name] extends {
  readonly choices: readonly (infer Choice)[];
}
  ? Choice
  : FlagValues[(typeof flags)[Name]['type']];

/** The pictures of `unlikely plot`. */
export type PlotKind = FlagValue<'picture'>;
/** How codes of many units become points of a plane. */
export type PlotLayout = FlagValue<'layout'>;
