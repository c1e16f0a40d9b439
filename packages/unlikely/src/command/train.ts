import { isImageInput } from '@unlikely/data';
import type { RowFilter, Table } from '@unlikely/data';
import { nodeFiles } from '@unlikely/data/node-files';
import { Detector, removeCheckpoint } from '@unlikely/detect';
import type { Evaluation } from '@unlikely/detect';
import { commandError } from '../command-error.ts';
import { nodePlatform } from '../platform.ts';
import { contaminationLines } from './contamination-lines.ts';
import { checkCheckpoint } from './checkpoint-file.ts';
import { defined } from './defined.ts';
import { promisableRate } from '../library/prediction.ts';
import { figuresOf } from './figures-of.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { refuseImageOptions } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { modelLines } from './model-lines.ts';
import type { ChosenKind } from './run/parse-option.ts';
import { refuseNormalAlone } from './normal-alone.ts';
import { readConfiguration } from './read-configuration.ts';
import { checkpointOf } from './run/run-files.ts';
import type { Run } from './run/run.ts';
import { defaultTestShare, testLines } from './test-lines.ts';
import { trainingDisplay } from './training-display.ts';
import { formatBytes, formatSeconds } from './units.ts';
import { warn } from './warn.ts';
import { writeSuspects } from './write-suspects.ts';

export interface TrainOptions extends InputOptions {
  readonly input: string;
  readonly output: string;
  readonly label?: string;
  readonly normal?: readonly string[];
  /** Of the rows, kept to test on; by default 0.2 where there are labels. */
  readonly testShare?: number;
  readonly storedRows: boolean;
  readonly ignore?: readonly string[];
  readonly kind?: Readonly<Record<string, ChosenKind>>;
  readonly contaminated?: boolean;
  readonly suspects?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly members?: number;
  readonly config?: string;
  readonly from?: string;
  readonly checkpoint?: string;
  readonly resume?: boolean;
  readonly fpr?: number;
  readonly threads?: number;
  /** Images alone: the longer side in pixels. */
  readonly size?: number;
  readonly failOn?: 'health';
  readonly json?: boolean;
}

/** `unlikely train`: from a table or from images to a model file. */
export async function train(options: TrainOptions, terminal: Run): Promise<ExitCode> {
  if (await isImageInput(options.input)) {
    return (await import('./image/train-images.ts')).trainImages(options, terminal);
  }
  return trainOnTable(options, terminal);
}

async function trainOnTable(options: TrainOptions, terminal: Run): Promise<ExitCode> {
  refuseImageOptions(options, ['size']);
  const started = performance.now();
  refuseNormalAlone(options);
  const configuration = await readConfiguration(options.config);
  if (options.suspects !== undefined) checkSuspects(options.suspects, options);
  const checkpoint = checkpointOf({ ...options });
  if (checkpoint !== undefined) {
    await checkCheckpoint(checkpoint, options.resume === true, terminal);
  }
  const { signal } = terminal;
  terminal.promise(
    checkpoint === undefined
      ? 'Stopping after this chunk of steps'
      : `Finishing this chunk of steps and keeping it in ${checkpoint}`,
    checkpoint,
  );
  const platform = nodePlatform({
    ...defined({ threads: options.threads }),
    onFallback: warn(terminal),
  });
  await using from =
    options.from === undefined ? undefined : await Detector.load(options.from, platform);
  if (from?.manifest.knownRows !== undefined && !options.storedRows) {
    throw commandError(
      'usage/invalid',
      `expected --no-stored-rows without --from, got ${options.from}, which stores rows`,
      { help: 'Train from the start: what is stored of the former rows would stay.' },
    );
  }
  await using table = await openInput(options.input, terminal, options);
  const show = trainingDisplay(terminal);
  const share = testShareOf(options);
  await using detector = await Detector.train(
    table,
    {
      ...configuration,
      ...defined({
        label: options.label,
        normal: options.normal,
        testShare: share,
        ignore: options.ignore,
        kinds: options.kind,
        contaminated: options.contaminated,
        seed: options.seed,
        steps: options.steps,
        members: options.members,
        storedRows: options.storedRows ? undefined : 0,
        falsePositiveRate: options.fpr,
        threads: options.threads,
        from,
        checkpoint,
        resume: options.resume,
      }),
      signal,
      onEvent: show,
    },
    platform,
  );
  const bytes = await save(detector, options.output, terminal);
  if (checkpoint !== undefined) await removeCheckpoint(checkpoint, nodeFiles);

  if (options.suspects !== undefined) {
    const count = await writeSuspects(options.suspects, detector, table, signal);
    terminal.note(labelled(terminal, 'suspects', `${count} rows in ${options.suspects}`));
  }

  const evaluation =
    share === 0
      ? undefined
      : await testedOn(
          await table.split(share, normalRows(detector)),
          detector,
          options,
          share,
          signal,
        );

  const { manifest } = detector;
  const seconds = (performance.now() - started) / 1000;
  for (const line of modelLines(manifest, terminal)) terminal.note(line);
  for (const line of contaminationLines(manifest, terminal)) terminal.note(line);
  terminal.note(
    labelled(
      terminal,
      'model',
      `${options.output === '-' ? 'standard output' : terminal.paint.bold(options.output)}, ${formatBytes(bytes)}, in ${formatSeconds(seconds)}`,
    ),
  );
  if (evaluation !== undefined) {
    for (const line of testLines(evaluation, share, terminal)) terminal.note(line);
  }
  if (options.json === true) {
    const { schema, configuration: used, rows, health, contamination } = manifest;
    const { history, label, fingerprint } = manifest;
    const result = {
      model: options.output,
      bytes,
      seconds,
      rows,
      ...(label === undefined ? {} : { label }),
      columns: schema.columns,
      configuration: used,
      loss: history.loss.at(-1) ?? null,
      health,
      ...(contamination === undefined ? {} : { contamination }),
      klPerUnit: history.klPerUnit,
      ...(evaluation === undefined ? {} : { test: { share, ...figuresOf(evaluation) } }),
      fingerprint,
    };
    await terminal.data(`${JSON.stringify(result)}\n`);
  }
  if (options.failOn === 'health' && manifest.health.verdict !== 'good') {
    throw commandError(
      'gate/failed',
      `expected a model in good health, got a ${manifest.health.verdict} one: ${manifest.health.findings.join(' ')}`,
      { help: `The model was written all the same, to ${options.output}.` },
    );
  }
  return exitCodes.done;
}

function normalRows({ manifest }: Detector): RowFilter {
  const { column, normal } = manifest.label!;
  return { column, in: normal };
}

function testedOn(
  { training, test }: Awaited<ReturnType<Table['split']>>,
  detector: Detector,
  { label, fpr, from }: TrainOptions,
  share: number,
  signal: AbortSignal,
): Promise<Evaluation> {
  return detector.evaluate(test, {
    label: label!,
    reference: training,
    // They are none of those that it learnt from, however alike; but a former training may have had them.
    allRows: from === undefined,
    normalShare: share,
    signal,
    ...defined({ falsePositiveRate: promisableRate(detector, fpr) }),
  });
}

/** Throws `usage/invalid` where there is nothing to test, or the rows that stand out are to be named. */
function testShareOf({ label, contaminated, testShare }: TrainOptions): number {
  if (testShare === undefined || testShare === 0) {
    return testShare ?? (label === undefined || contaminated === true ? 0 : defaultTestShare);
  }
  if (label !== undefined && contaminated !== true) return testShare;
  throw commandError(
    'usage/invalid',
    label === undefined
      ? 'expected --label with --test-share, got rows whose label is not known'
      : 'expected --test-share without --contaminated, which names rows of the whole table',
    {
      help:
        label === undefined
          ? 'For instance: --label fraud --test-share 0.3'
          : 'Leave out --test-share, or --contaminated.',
    },
  );
}

/** Throws `usage/invalid`. */
function checkSuspects(path: string, { contaminated }: TrainOptions): void {
  if (contaminated === true && path !== '-') return;
  throw commandError(
    'usage/invalid',
    path === '-'
      ? 'expected a file for --suspects, got standard output'
      : 'expected --contaminated with --suspects, got a training on normal rows',
    { help: 'For instance: --contaminated --suspects suspects.csv' },
  );
}

async function save(detector: Detector, output: string, terminal: Run): Promise<number> {
  if (output !== '-') return (await detector.save(output)).bytes;
  const bytes = await detector.toBytes();
  await terminal.data(bytes);
  return bytes.length;
}
