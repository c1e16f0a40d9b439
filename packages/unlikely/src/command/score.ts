import { openWriter } from '@unlikely/data';
import type { Table, WriterColumn } from '@unlikely/data';
import type { Detector, ScoredBatch } from '@unlikely/detect';
import { enumerate, formatCount } from '@unlikely/report/words';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { alertRule, discoveryRule, rateRule, thresholdRule } from './flag-rule.ts';
import type { FlagRule } from './flag-rule.ts';
import { filledColumns } from './filled-columns.ts';
import { isAboutImages, refuseImageOptions } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { openModel } from './open-model.ts';
import type { Run } from './run/run.ts';
import { topFeatures } from './top-features.ts';
import { formatBytes, formatSeconds } from './units.ts';
import { warn } from './warn.ts';
import { wholeBatch } from './whole-batch.ts';
import { refuseTwoOutputs } from './write-rows.ts';

export interface ScoreCommandOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly fpr?: number;
  readonly fdr?: number;
  readonly alerts?: number;
  readonly threshold?: number;
  readonly keep?: readonly string[];
  readonly explain?: number;
  readonly fast?: boolean;
  /** Images alone: a folder for PNG files. */
  readonly gallery?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

const scoreColumns: readonly WriterColumn[] = [
  { name: 'row', type: 'integer' },
  { name: 'score', type: 'double' },
  { name: 'standard_error', type: 'double' },
  { name: 'p_value', type: 'double' },
  { name: 'is_anomaly', type: 'boolean' },
];

/** `unlikely score`: a score for every row or image, in their order and with bounded memory. */
export async function score(options: ScoreCommandOptions, terminal: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/score-images.ts')).scoreImages(options, terminal);
  }
  return scoreTable(options, terminal);
}

async function scoreTable(options: ScoreCommandOptions, terminal: Run): Promise<ExitCode> {
  refuseImageOptions(options, ['gallery']);
  const started = performance.now();
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  const filled = await filledColumns(table, detector.manifest);
  if (filled.length > 0) {
    warn(terminal)(
      `${enumerate(filled)} had no value in training and has some here, which the scores do not know`,
      'Train again on rows that have them.',
    );
  }
  const { fields } = detector.manifest.schema;
  const scoring = { fast: options.fast === true, signal: terminal.signal };
  const isExplained = options.explain !== undefined;

  const { rule, batches } = await ruleAndBatches(detector, table, options, scoring);
  const writer = await openWriter(options.output, {
    standardOutput: terminal.standardOutput,
    columns: [...scoreColumns, ...(isExplained ? [topFeaturesColumn] : [])],
    ...(options.keep === undefined
      ? {}
      : { keep: { table, columns: options.keep, before: topFeaturesColumn.name } }),
  });
  let rows = 0;
  let flagged = 0;
  const unseen = new Float64Array(fields.length);
  let bytes: number;
  try {
    for await (const batch of batches) {
      const flags = Uint8Array.from(batch.score, (value, index) =>
        Number(rule.isFlagged(batch.firstRow + index, value)),
      );
      await writer.write({
        rows: batch.rows,
        columns: {
          row: Float64Array.from(batch.score, (_, index) => batch.firstRow + index),
          score: batch.score,
          standard_error: batch.standardError,
          p_value: batch.pValue,
          is_anomaly: flags,
          ...(isExplained
            ? {
                top_features: await topFeatures(detector, table, batch, flags, {
                  count: options.explain,
                  fast: scoring.fast,
                }),
              }
            : {}),
        },
      });
      rows += batch.rows;
      flagged += flags.reduce((sum, flag) => sum + flag, 0);
      batch.unseen.forEach((count, field) => (unseen[field]! += count));
      terminal.status(
        labelled(terminal, 'scoring', `${formatCount(rows)} rows, ${formatCount(flagged)} flagged`),
      );
    }
    ({ bytes } = await writer.close());
  } catch (error) {
    await writer.abort();
    throw error;
  }

  const seconds = (performance.now() - started) / 1000;
  const foreign = fields.flatMap(({ name }, field) =>
    unseen[field] === 0 ? [] : [`${formatCount(unseen[field]!)} in ${name}`],
  );
  if (foreign.length > 0) {
    warn(terminal)(`values that training never saw count as unlikely: ${enumerate(foreign)}`);
  }
  terminal.note(
    labelled(terminal, 'rows', `${formatCount(rows)} scored in ${formatSeconds(seconds)}`),
  );
  terminal.note(
    labelled(
      terminal,
      'flagged',
      `${terminal.paint.bold(formatCount(flagged))}: they ${rule.words}`,
    ),
  );
  if (options.output !== '-') {
    terminal.note(labelled(terminal, 'output', `${options.output}, ${formatBytes(bytes)}`));
  }
  if (options.json === true) {
    const { threshold } = rule;
    const unseenValues = Object.fromEntries(
      fields.flatMap(({ name }, field) => (unseen[field] === 0 ? [] : [[name, unseen[field]!]])),
    );
    await terminal.data(
      `${JSON.stringify({ output: options.output, bytes, rows, flagged, threshold, unseen: unseenValues, seconds })}\n`,
    );
  }
  return exitCodes.done;
}

const topFeaturesColumn: WriterColumn = { name: 'top_features', type: 'text' };

/** Alerts and discoveries need all scores before the first row can be written; else rows stream. */
async function ruleAndBatches(
  detector: Detector,
  table: Table,
  { alerts, threshold, fpr, fdr, explain }: ScoreCommandOptions,
  scoring: { readonly fast: boolean; readonly signal: AbortSignal },
): Promise<{ rule: FlagRule; batches: AsyncIterable<ScoredBatch> | Iterable<ScoredBatch> }> {
  const details = explain !== undefined;
  if (alerts === undefined && fdr === undefined) {
    const rule =
      threshold === undefined ? rateRule(detector, fpr, scoring.fast) : thresholdRule(threshold);
    return { rule, batches: detector.score(table, { ...scoring, details }) };
  }
  // A rate that the calibration cannot support is refused before any row is scored.
  if (fdr !== undefined) detector.discoveryThreshold(new Float64Array(0), fdr);
  const { scores, batches } = await wholeBatch(detector, table, { ...scoring, details });
  const rule =
    fdr === undefined
      ? alertRule(scores, alerts!)
      : discoveryRule(detector, scores, fdr, scoring.fast);
  return { rule, batches };
}
