import { openWriter } from '@unlikely/data';
import type { WriterColumn } from '@unlikely/data';
import type { FieldDrift, Words } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import type { Model, ScoredItems, Scoring } from '../face/face.ts';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import {
  alertRule,
  discoveryRule,
  falsePositiveRate,
  rateRule,
  thresholdRule,
} from './flag-rule.ts';
import type { FlagRule } from './flag-rule.ts';
import { isMoreThanPromised } from './more-than-promised.ts';
import type { Flagged } from './more-than-promised.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { movedWords, promiseWords } from './tell/drift-words.ts';
import { labelled } from './tell/labelled.ts';
import { progressOf } from './tell/progress.ts';
import { formatBytes, formatSeconds } from './tell/units.ts';
import { warn } from './tell/warn.ts';
import { refuseTwoOutputs } from './write-rows.ts';

type ScoreOptions = CommandOptions<'score'>;

const scoreColumns: readonly WriterColumn[] = [
  { name: 'score', type: 'double' },
  { name: 'standard_error', type: 'double' },
  { name: 'p_value', type: 'double' },
  { name: 'is_anomaly', type: 'boolean' },
];

/** `unlikely score`: a score for everything that can be read, in its order and with bounded memory. */
export async function score(options: ScoreOptions, run: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  const face = await faceOfModel('score', options, run);
  const started = performance.now();
  run.promise('Stopping; nothing is written');
  const { words } = face;
  await using session = await face.open(options.model, options, run);
  if (options.follow === true) {
    await session.follow!(options);
    return exitCodes.done;
  }
  const scoring = await session.scoring(options);
  const { count, columns, keep } = scoring;
  const isWhole = options.alerts !== undefined || options.fdr !== undefined;
  const scores = new Float64Array(isWhole || scoring.needsScores ? count : 0).fill(NaN);
  const { rule, batches } = await ruleAndBatches(session.model, scoring, scores, {
    options,
    words,
    run,
  });
  const writer = await openWriter(options.output, {
    standardOutput: run.standardOutput,
    columns: [{ name: 'row', type: 'integer' }, ...columns[0], ...scoreColumns, ...columns[1]],
    ...(keep === undefined ? {} : { keep }),
  });
  let [rows, flagged, bytes] = [0, 0, 0];
  try {
    for await (const batch of batches) {
      const flags = Uint8Array.from(batch.score, (value, index) =>
        Number(rule.isFlagged(batch.rowNumbers[index]!, value)),
      );
      await writer.write({
        rows: batch.rows,
        columns: {
          row: batch.rowNumbers,
          score: batch.score,
          standard_error: batch.standardError,
          p_value: batch.pValue,
          is_anomaly: flags,
          ...(await batch.columns(flags)),
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
  const { lines, facts } = await scoring.finish(scores);

  const moved = await movedSince(
    session.model,
    scoring,
    { options, words, run },
    { rows, flagged },
  );
  const seconds = (performance.now() - started) / 1000;
  const tell = (label: string, text: string): void => run.note(labelled(run, label, text));
  tell(words.many, `${formatCount(rows)} scored in ${formatSeconds(seconds)}`);
  tell('flagged', `${run.paint.bold(formatCount(flagged))}: they ${rule.words}`);
  const { output } = options;
  if (output !== '-') tell('output', `${output}, ${formatBytes(bytes)}`);
  for (const line of lines) run.note(line);
  if (options.json === true) {
    const { threshold } = rule;
    const result = { output, bytes, rows, flagged, threshold, ...facts, ...moved, seconds };
    await run.data(`${JSON.stringify(result)}\n`);
  }
  if (options.failOn === 'drift' && moved.hasMoved) {
    throw commandError(
      'gate/failed',
      `expected ${words.many} like those of the training, but ${promiseWords({ rows, flagged, rate: moved.rate! }, words)}`,
      { help: 'The scores were written all the same; `unlikely drift` shows what has moved.' },
    );
  }
  return exitCodes.done;
}

interface Moved {
  /** That was promised of normal items; absent where something else decides. */
  readonly rate?: number;
  /** Whether far more was flagged. */
  readonly hasMoved: boolean;
  readonly moved: readonly FieldDrift[];
}

/** Says first where far more is flagged than was promised, with the columns that moved most. */
async function movedSince(
  model: Model,
  scoring: Scoring,
  { options, words, run }: { options: ScoreOptions; words: Words; run: Run },
  counts: Pick<Flagged, 'rows' | 'flagged'>,
): Promise<Moved> {
  const { alerts, threshold, fpr, fdr } = options;
  const isPromised = alerts === undefined && threshold === undefined && fdr === undefined;
  const rate = isPromised ? falsePositiveRate(model, fpr) : undefined;
  const told = { ...counts, rate: rate ?? NaN };
  if (rate === undefined || !isMoreThanPromised(told, model.manifest.rows.calibration)) {
    return { hasMoved: false, moved: [], ...(rate === undefined ? {} : { rate }) };
  }
  const drift = await scoring.drift?.();
  const most = drift === undefined ? '' : movedWords(drift);
  warn(run)(
    promiseWords(told, words),
    most === '' ? 'No column by itself has moved.' : `Most has moved: ${most}.`,
  );
  return { rate, hasMoved: true, moved: drift?.fields.filter(({ hasMoved }) => hasMoved) ?? [] };
}

/** Items whose batches are kept, 24 bytes each; of a larger input they are scored a second time. */
const mostKept = 4_000_000;

/** Alerts and discoveries need all scores before the first row can be written; else rows stream. */
async function ruleAndBatches(
  model: Model,
  scoring: Scoring,
  scores: Float64Array,
  { options, words, run }: { options: ScoreOptions; words: Words; run: Run },
): Promise<{ rule: FlagRule; batches: AsyncIterable<ScoredItems> | Iterable<ScoredItems> }> {
  const { alerts, threshold, fpr, fdr, fast } = options;
  async function* shown(): AsyncGenerator<ScoredItems> {
    const show = progressOf(run, { doing: 'scoring', total: scoring.count, words });
    let done = 0;
    for await (const batch of scoring.batches()) {
      if (scores.length > 0) {
        batch.rowNumbers.forEach((row, index) => (scores[row] = batch.score[index]!));
      }
      show((done += batch.rows));
      yield batch;
    }
  }
  if (alerts === undefined && fdr === undefined) {
    const rule =
      threshold === undefined ? rateRule(model, words, fpr, fast) : thresholdRule(threshold);
    return { rule, batches: shown() };
  }
  // A rate that the calibration cannot support is refused before any item is scored.
  if (fdr !== undefined) model.discoveryThreshold(new Float64Array(0), fdr);
  const isKept = scoring.isKept && scoring.count <= mostKept;
  const kept: ScoredItems[] = [];
  for await (const batch of shown()) if (isKept) kept.push(batch);
  // What could not be read has no score.
  const rule =
    fdr === undefined
      ? alertRule(
          scores.map((value) => (Number.isNaN(value) ? -Infinity : value)),
          alerts!,
        )
      : discoveryRule(
          model,
          scores.filter((value) => !Number.isNaN(value)),
          fdr,
          words,
          fast,
        );
  return { rule, batches: isKept ? kept : scoring.batches() };
}
