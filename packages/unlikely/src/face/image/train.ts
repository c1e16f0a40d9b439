import type { ImagePass, ImageSource } from '@unlikely/data';
import { ImageDetector, imageWords } from '@unlikely/detect';
import { enumerate, formatItems } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { defined } from '../../command/defined.ts';
import { promisableRate } from '../../library/prediction.ts';
import type { Run } from '../../command/run/run.ts';
import { labelled } from '../../command/tell/labelled.ts';
import { defaultTestShare } from '../../command/tell/test-lines.ts';
import { trainingDisplay } from '../../command/tell/training-display.ts';
import { warn } from '../../command/tell/warn.ts';
import type { Trained, TrainingPlan } from '../face.ts';
import type { CommandOptions } from '../kind-flags.ts';
import { platformOf } from '../platform-of.ts';
import { imageModelLines, tellPass } from './image-lines.ts';
import { openImageInput } from './input.ts';

/** Learns the normal images of a folder or a column. */
export async function trainOnImages(
  options: CommandOptions<'train'>,
  { configuration, checkpoint }: TrainingPlan,
  run: Run,
): Promise<Trained> {
  const { signal } = run;
  let pass: ImagePass | undefined;
  const source = await openImageInput(
    options.input,
    options,
    false,
    (summary) => (pass ??= summary),
  );
  try {
    const empty = (source.labels ?? []).filter(({ count }) => count === 0);
    if (empty.length > 0) {
      warn(run)(`no images in ${enumerate(empty.map(({ value }) => `${value}/`))}`);
    }
    run.note(labelled(run, 'input', describeInput(source)));
    const share = testShareOf(options, source);
    const detector = await ImageDetector.train(
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
        onEvent: trainingDisplay(run, imageWords),
      },
      platformOf(options, run),
    );
    const { manifest } = detector;
    const { schema: settings, choice, label } = manifest;
    const normal = label?.normal;
    return {
      model: detector,
      testShare: share,
      writeMore: () => Promise.resolve(),
      test() {
        const { training, test } = source.split(share, { in: normal! });
        return detector.evaluate(test, {
          normal: normal!,
          reference: training,
          allRows: true,
          normalShare: share,
          signal,
          ...defined({ falsePositiveRate: promisableRate(detector) }),
        });
      },
      lines(canvas) {
        if (pass !== undefined) tellPass(pass, settings, run);
        return imageModelLines(manifest, canvas);
      },
      facts: {
        rows: manifest.rows,
        ...defined({ normal }),
        unreadable: pass?.failures ?? [],
        settings,
        configuration: manifest.configuration,
        choice,
      },
      async [Symbol.asyncDispose]() {
        await detector.dispose();
        await source[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

/** Throws `usage/invalid` where there is nothing to test. */
function testShareOf({ testShare }: CommandOptions<'train'>, { labels }: ImageSource): number {
  if (labels !== undefined) return testShare ?? defaultTestShare;
  if (testShare === undefined || testShare === 0) return 0;
  throw commandError(
    'usage/invalid',
    'expected images with labels for --test-share, got some without',
    { help: 'Labels are the folders of the images, or a column of Parquet that --label names.' },
  );
}

function describeInput({ count, labels }: ImageSource): string {
  const images = formatItems(count, imageWords);
  if (labels === undefined) return `${images} without labels: all are taken for normal`;
  const shown = labels.slice(0, 8).map(({ value, count: each }) => `${value ?? 'none'} ${each}`);
  return `${images}: ${shown.join(', ')}${labels.length > 8 ? ', …' : ''}`;
}
