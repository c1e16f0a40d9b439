import { openWriter } from '@unlikely/data';
import type { ImageFailure, WriterColumn } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import type { ImageDetector, ScoredImages } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { defined } from '../defined.ts';
import { exitCodes } from '../run/exit-code.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { alertRule, discoveryRule, rateRule, thresholdRule } from '../flag-rule.ts';
import type { FlagRule } from '../flag-rule.ts';
import { labelled } from '../labelled.ts';
import { progressOf } from '../run/progress.ts';
import type { ScoreCommandOptions } from '../score.ts';
import type { Run } from '../run/run.ts';
import { formatBytes, formatSeconds } from '../units.ts';
import { makeGallery } from '../../report/gallery.ts';
import { writeGallery } from './write-gallery.ts';
import { openKeptLabel, refuseTableOptions } from './image-input.ts';
import { tellPass } from './image-lines.ts';
import { openImageModel } from './open-image-model.ts';

const scoreColumns: readonly WriterColumn[] = [
  { name: 'row', type: 'integer' },
  { name: 'name', type: 'text' },
  { name: 'score', type: 'double' },
  { name: 'standard_error', type: 'double' },
  { name: 'p_value', type: 'double' },
  { name: 'is_anomaly', type: 'boolean' },
];
const tableOptions = ['explain', 'fast'];

/** What is kept of a batch: pixels are let go as soon as they are scored. */
type Scored = Pick<
  ScoredImages,
  'rows' | 'rowNumbers' | 'names' | 'labels' | 'score' | 'standardError' | 'pValue'
>;

/** `unlikely score` on images: a score for each that can be read, in the order of the source. */
export async function scoreImages(options: ScoreCommandOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, tableOptions);
  const started = performance.now();
  terminal.promise('Stopping; nothing is written');
  const { signal } = terminal;
  await using detector = await openImageModel(options, terminal);
  const { schema: settings } = detector.manifest;
  const failures: ImageFailure[] = [];
  await using source = await openKeptLabel(options, (pass) => {
    failures.push(...pass.failures);
    tellPass(pass, settings, terminal);
  });
  const labelColumns = options.keep?.map((name): WriterColumn => ({ name, type: 'text' })) ?? [];
  const scores = new Float64Array(source.count).fill(NaN);

  const show = progressOf(terminal, { doing: 'scoring', total: source.count, words: imageWords });
  let done = 0;
  const stream = async function* (): AsyncGenerator<Scored> {
    for await (const {
      rowNumbers,
      score,
      rows,
      names,
      labels,
      standardError,
      pValue,
    } of detector.score(source, { signal })) {
      rowNumbers.forEach((row, index) => (scores[row] = score[index]!));
      show((done += rows));
      yield { rows, rowNumbers, names, score, standardError, pValue, ...defined({ labels }) };
    }
  };
  const { rule, batches } = await ruleAndBatches(detector, stream, scores, options);
  const writer = await openWriter(options.output, {
    standardOutput: terminal.standardOutput,
    columns: [...scoreColumns, ...labelColumns],
  });
  let rows = 0;
  let flagged = 0;
  let bytes: number;
  try {
    for await (const batch of batches) {
      const flags = Uint8Array.from(batch.score, (value, index) =>
        Number(rule.isFlagged(batch.rowNumbers[index]!, value)),
      );
      await writer.write({
        rows: batch.rows,
        columns: {
          row: batch.rowNumbers,
          name: batch.names,
          score: batch.score,
          standard_error: batch.standardError,
          p_value: batch.pValue,
          is_anomaly: flags,
          ...Object.fromEntries(labelColumns.map(({ name }) => [name, batch.labels!])),
        },
      });
      rows += batch.rows;
      flagged += flags.reduce((sum, flag) => sum + flag, 0);
    }
    ({ bytes } = await writer.close());
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const files =
    options.gallery === undefined
      ? 0
      : await writeGallery(options.gallery, await makeGallery(detector, source, { scores }));

  const seconds = (performance.now() - started) / 1000;
  const count = terminal.paint.bold(formatCount(flagged));
  terminal.note(
    labelled(terminal, 'images', `${formatCount(rows)} scored in ${formatSeconds(seconds)}`),
  );
  terminal.note(labelled(terminal, 'flagged', `${count}: they ${rule.words}`));
  if (options.output !== '-') {
    terminal.note(labelled(terminal, 'output', `${options.output}, ${formatBytes(bytes)}`));
  }
  if (options.gallery !== undefined) {
    terminal.note(
      labelled(terminal, 'gallery', `${options.gallery}, ${formatCount(files)} PNG files`),
    );
  }
  if (options.json === true) {
    const { output, gallery } = options;
    const { threshold } = rule;
    const result = { output, bytes, rows, flagged, threshold, unreadable: failures, seconds };
    await terminal.data(`${JSON.stringify({ ...result, ...defined({ gallery }) })}\n`);
  }
  return exitCodes.done;
}

/** Alerts and discoveries need all scores before the first row can be written; else rows stream. */
async function ruleAndBatches(
  detector: ImageDetector,
  stream: () => AsyncIterable<Scored>,
  scores: Float64Array,
  { alerts, threshold, fpr, fdr }: ScoreCommandOptions,
): Promise<{ rule: FlagRule; batches: AsyncIterable<Scored> | Iterable<Scored> }> {
  if (alerts === undefined && fdr === undefined) {
    const rule =
      threshold === undefined
        ? rateRule(detector, fpr, false, imageWords)
        : thresholdRule(threshold);
    return { rule, batches: stream() };
  }
  // A rate that the calibration cannot support is refused before any image is scored.
  if (fdr !== undefined) detector.discoveryThreshold(new Float64Array(0), fdr);
  const kept: Scored[] = [];
  for await (const batch of stream()) kept.push(batch);
  const comparable = scores.map((score) => (Number.isNaN(score) ? -Infinity : score));
  const read = scores.filter((score) => !Number.isNaN(score));
  const rule =
    fdr === undefined
      ? alertRule(comparable, alerts!)
      : discoveryRule(detector, read, fdr, false, imageWords);
  return { rule, batches: kept };
}
