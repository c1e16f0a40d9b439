import type { ImageSource } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import type { Evaluation, ImageDetector } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { writeReport } from '../../report/write-report.ts';
import { defined } from '../defined.ts';
import type { EvaluateCommandOptions } from '../evaluate.ts';
import { evaluationLines, noteLines } from '../evaluation-lines.ts';
import { exitCodes } from '../run/exit-code.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { figuresOf } from '../figures-of.ts';
import { falsePositiveRate } from '../flag-rule.ts';
import { labelled } from '../labelled.ts';
import { progressOf } from '../run/progress.ts';
import type { ReportOptions } from '../report.ts';
import type { Run } from '../run/run.ts';
import { openImageInput, refuseTableOptions, requireImages } from './image-input.ts';
import { tellPass } from './image-lines.ts';
import { openImageModel } from './open-image-model.ts';
import { writeGallery } from './write-gallery.ts';
import { knownNormal, measuredImageReport } from '../../report/measured-image-report.ts';
import { reportOfImages } from '../../report/report-of-images.ts';

/** `unlikely evaluate` on images: what the scores are worth, beside what simple methods reach. */
export async function evaluateImages(
  options: EvaluateCommandOptions,
  terminal: Run,
): Promise<ExitCode> {
  refuseTableOptions(options, ['fast']);
  if (options.reference !== undefined) await requireImages(options.reference);
  terminal.promise('Stopping after this batch of images');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  await using images = await openLabelled(options, detector, terminal);
  await using reference =
    options.reference === undefined
      ? undefined
      : await openImageInput({ ...options, input: options.reference }, true);
  const normal = options.normal ?? knownNormal(images, detector);
  const evaluation = await detector.evaluate(images, {
    baselines: options.baselines,
    signal,
    onProgress: scoring(images, terminal),
    ...defined({
      normal,
      falsePositiveRate: falsePositiveRate(detector, options.fpr),
      allRows: options.allRows,
      reference,
    }),
  });
  if (options.report !== undefined) {
    const source = options.input;
    const told = {
      source,
      evaluation,
      signal,
      onProgress: scoring(images, terminal),
      ...defined({ normal: normal ?? normalIn(evaluation) }),
    };
    await writeReport(options.report, (await reportOfImages(detector, images, told)).data);
  }
  if (options.json === true) {
    const figures = figuresOf(evaluation);
    await terminal.data(`${JSON.stringify({ ...figures, report: options.report ?? null })}\n`);
    return exitCodes.done;
  }
  await terminal.print(evaluationLines(evaluation, terminal.page, { words: imageWords }));
  if (options.report !== undefined) terminal.note(labelled(terminal, 'report', options.report));
  return exitCodes.done;
}

/** `unlikely report` on images: one HTML page with a gallery, and its pictures as files when asked for. */
export async function reportImages(options: ReportOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options);
  terminal.promise('Stopping after this batch of images');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  await using images = await openLabelled(options, detector, terminal);
  const { data, gallery, evaluation } = await measuredImageReport(detector, images, {
    source: options.input,
    signal,
    onProgress: scoring(images, terminal),
    ...defined({
      normal: options.normal,
      allRows: options.allRows,
      falsePositiveRate: options.fpr,
    }),
  });
  await writeReport(options.output, data);
  const { rows, flagged, threshold } = data.scored;
  terminal.note(
    labelled(
      terminal,
      'report',
      `${options.output}, ${formatCount(flagged)} of ${formatCount(rows)} images flagged`,
    ),
  );
  if (evaluation !== undefined) {
    for (const line of noteLines(evaluation, terminal, imageWords)) terminal.note(line);
  }
  if (options.gallery !== undefined) {
    const files = await writeGallery(options.gallery, gallery);
    terminal.note(labelled(terminal, 'gallery', `${options.gallery}, ${files} PNG files`));
  }
  if (options.json === true) {
    const result = { report: options.output, rows, flagged, threshold };
    const folder = defined({ gallery: options.gallery });
    await terminal.data(`${JSON.stringify({ ...result, ...folder })}\n`);
  }
  return exitCodes.done;
}

/** The progress of one pass over the images. */
function scoring({ count }: ImageSource, terminal: Run): (done: number) => void {
  return progressOf(terminal, { doing: 'scoring', total: count, words: imageWords });
}

/** Opens the images and tells of the first pass over them. */
function openLabelled(
  options: Pick<ReportOptions, 'input' | 'label' | 'normal'>,
  { manifest }: ImageDetector,
  terminal: Run,
): Promise<ImageSource> {
  let told = false;
  return openImageInput(options, true, (pass) => {
    if (!told) tellPass(pass, manifest.schema, terminal);
    told = true;
  });
}

function normalIn({ byValue }: Evaluation): string[] {
  return byValue.filter((one) => one.normal).map(({ value }) => value);
}
