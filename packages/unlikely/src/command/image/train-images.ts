import type { ImagePass, ImageSource } from '@unlikely/data';
import { nodeFiles } from '@unlikely/data/node-files';
import { ImageDetector, imageWords, removeCheckpoint } from '@unlikely/detect';
import type { Evaluation, ImageConfiguration } from '@unlikely/detect';
import { enumerate, formatItems } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { nodePlatform } from '../../platform.ts';
import { checkCheckpoint } from '../checkpoint-file.ts';
import { defined } from '../defined.ts';
import { figuresOf } from '../figures-of.ts';
import { promisableRate } from '../../library/prediction.ts';
import { exitCodes } from '../run/exit-code.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { labelled } from '../labelled.ts';
import { readConfiguration } from '../read-configuration.ts';
import { checkpointOf } from '../run/run-files.ts';
import type { Run } from '../run/run.ts';
import type { TrainOptions } from '../train.ts';
import { defaultTestShare, testLines } from '../test-lines.ts';
import { trainingDisplay } from '../training-display.ts';
import { formatBytes, formatSeconds } from '../units.ts';
import { warn } from '../warn.ts';
import { openImageInput, refuseTableOptions } from './image-input.ts';
import { imageModelLines, tellPass } from './image-lines.ts';

const tableOptions = ['ignore', 'kind', 'contaminated', 'suspects', 'members', 'from', 'fpr'];

/** `unlikely train` on images: from a folder or a column of images to a model file. */
export async function trainImages(options: TrainOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, tableOptions);
  const started = performance.now();
  const configuration = await readConfiguration<ImageConfiguration>(options.config);
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
  let pass: ImagePass | undefined;
  await using source = await openImageInput(options, false, (summary) => (pass ??= summary));
  const empty = (source.labels ?? []).filter(({ count }) => count === 0);
  if (empty.length > 0) {
    warn(terminal)(`no images in ${enumerate(empty.map(({ value }) => `${value}/`))}`);
  }
  terminal.note(labelled(terminal, 'input', describeInput(source.count, source.labels)));
  const share = testShareOf(options, source);
  await using detector = await ImageDetector.train(
    source,
    {
      ...configuration,
      ...defined({
        normal: options.normal,
        testShare: share,
        storedImages: options.storedRows ? undefined : 0,
        seed: options.seed,
        steps: options.steps,
        threads: options.threads,
        images: options.size === undefined ? undefined : { size: options.size },
        checkpoint,
        resume: options.resume,
      }),
      signal,
      onEvent: trainingDisplay(terminal, imageWords),
    },
    platform,
  );
  const bytes = await save(detector, options.output, terminal);
  if (checkpoint !== undefined) await removeCheckpoint(checkpoint, nodeFiles);

  const evaluation =
    share === 0
      ? undefined
      : await testedOn(
          source.split(share, { in: detector.manifest.label!.normal }),
          detector,
          share,
          signal,
        );
  const { manifest } = detector;
  const seconds = (performance.now() - started) / 1000;
  if (pass !== undefined) tellPass(pass, manifest.schema, terminal);
  for (const line of imageModelLines(manifest, terminal)) terminal.note(line);
  const name = options.output === '-' ? 'standard output' : terminal.paint.bold(options.output);
  terminal.note(
    labelled(terminal, 'model', `${name}, ${formatBytes(bytes)}, in ${formatSeconds(seconds)}`),
  );
  if (evaluation !== undefined) {
    for (const line of testLines(evaluation, share, terminal, imageWords)) terminal.note(line);
  }
  if (options.json === true) {
    const {
      schema: settings,
      configuration: used,
      rows,
      label,
      health,
      choice,
      history,
    } = manifest;
    const result = {
      model: options.output,
      bytes,
      seconds,
      rows,
      ...(label === undefined ? {} : { normal: label.normal }),
      unreadable: pass?.failures ?? [],
      settings,
      configuration: used,
      choice,
      loss: history.loss.at(-1) ?? null,
      health,
      fingerprint: manifest.fingerprint,
      ...(evaluation === undefined ? {} : { test: { share, ...figuresOf(evaluation) } }),
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

function testedOn(
  { training, test }: ReturnType<ImageSource['split']>,
  detector: ImageDetector,
  share: number,
  signal: AbortSignal,
): Promise<Evaluation> {
  const rate = promisableRate(detector);
  return detector.evaluate(test, {
    normal: detector.manifest.label!.normal,
    reference: training,
    allRows: true,
    normalShare: share,
    signal,
    ...defined({ falsePositiveRate: rate }),
  });
}

/** Throws `usage/invalid` where there is nothing to test. */
function testShareOf({ testShare }: TrainOptions, { labels }: ImageSource): number {
  if (labels !== undefined) return testShare ?? defaultTestShare;
  if (testShare === undefined || testShare === 0) return 0;
  throw commandError(
    'usage/invalid',
    'expected images with labels for --test-share, got some without',
    { help: 'Labels are the folders of the images, or a column of Parquet that --label names.' },
  );
}

function describeInput(
  count: number,
  labels: readonly { readonly value: string | null; readonly count: number }[] | undefined,
): string {
  const images = formatItems(count, imageWords);
  if (labels === undefined) return `${images} without labels: all are taken for normal`;
  const shown = labels.slice(0, 8).map(({ value, count: each }) => `${value ?? 'none'} ${each}`);
  return `${images}: ${shown.join(', ')}${labels.length > 8 ? ', …' : ''}`;
}

async function save(detector: ImageDetector, output: string, terminal: Run): Promise<number> {
  if (output !== '-') return (await detector.save(output)).bytes;
  const bytes = await detector.toBytes();
  await terminal.data(bytes);
  return bytes.length;
}
