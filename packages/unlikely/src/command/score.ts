import { openWriter } from '@unlikely/data';
import type { Table, WriterColumn } from '@unlikely/data';
import { Detector } from '@unlikely/detect';
import type { ScoredBatch } from '@unlikely/detect';
import { UnlikelyError } from '@unlikely/graph';
import { formatCount } from '../report/format.ts';
import { nodePlatform } from '../platform.ts';
import { defined } from './defined.ts';
import type { CommandErrorCode } from './error-code.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { alertRule, rateRule, thresholdRule } from './flag-rule.ts';
import type { FlagRule } from './flag-rule.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { listenForInterrupt } from './interrupt.ts';
import { labelled } from './labelled.ts';
import type { Terminal } from './terminal.ts';
import { topFeatures } from './top-features.ts';
import { enumerate, formatBytes, formatSeconds } from './units.ts';
import { warn } from './warn.ts';

export interface ScoreCommandOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly fpr?: number;
  readonly alerts?: number;
  readonly threshold?: number;
  readonly keep?: readonly string[];
  readonly explain?: number;
  readonly fast?: boolean;
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

/** `unlikely score`: a score for every row of a table, in its order and with bounded memory. */
export async function score(options: ScoreCommandOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.json === true && options.output === '-') {
    throw new UnlikelyError<CommandErrorCode>(
      'usage/invalid',
      'expected --output FILE with --json, since both would go to standard output',
      { help: 'Name a file: --json -o scores.csv' },
    );
  }
  const started = performance.now();
  using interrupt = listenForInterrupt(terminal, 'Stopping; nothing is written');
  const platform = nodePlatform({
    ...defined({ threads: options.threads }),
    onFallback: warn(terminal),
  });
  await using detector = await Detector.load(options.model, platform);
  await using table = await openInput(options.input, options);
  const { fields } = detector.manifest.schema;
  const scoring = { fast: options.fast === true, signal: interrupt.signal };
  const isExplained = options.explain !== undefined;

  const { rule, batches } = await ruleAndBatches(detector, table, options, scoring);
  const writer = await openWriter(options.output, {
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
    throw interrupt.signal.aborted ? interrupt.signal.reason : error;
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

/** A number of alerts needs all scores before the first row can be written; else rows stream. */
async function ruleAndBatches(
  detector: Detector,
  table: Table,
  { alerts, threshold, fpr, explain }: ScoreCommandOptions,
  scoring: { readonly fast: boolean; readonly signal: AbortSignal },
): Promise<{ rule: FlagRule; batches: AsyncIterable<ScoredBatch> | Iterable<ScoredBatch> }> {
  const details = explain !== undefined;
  const stream = (): AsyncIterable<ScoredBatch> => detector.score(table, { ...scoring, details });
  if (alerts === undefined) {
    const rule =
      threshold === undefined ? rateRule(detector, fpr, scoring.fast) : thresholdRule(threshold);
    return { rule, batches: stream() };
  }
  const kept: ScoredBatch[] = [];
  for await (const batch of detector.score(table, scoring)) kept.push(batch);
  const scores = new Float64Array(kept.reduce((sum, { rows }) => sum + rows, 0));
  for (const batch of kept) scores.set(batch.score, batch.firstRow);
  return { rule: alertRule(scores, alerts), batches: details ? stream() : kept };
}
