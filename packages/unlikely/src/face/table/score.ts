import type { ScoredBatch } from '@unlikely/detect';
import { enumerate, formatCount } from '@unlikely/report/words';
import { warn } from '../../command/tell/warn.ts';
import type { ScoredItems, Scoring } from '../face.ts';
import type { CommandOptions } from '../kind-flags.ts';
import { driftOf } from './drift-of.ts';
import { filledColumns } from './filled-columns.ts';
import type { TableSession } from './session.ts';
import { topFeatures } from './top-features.ts';

/** The scoring of a table: its columns beside the scores, on request the reasons of flagged rows. */
export async function tableScoring(
  session: TableSession,
  options: CommandOptions<'score'>,
): Promise<Scoring> {
  const { detector, run, input } = session;
  const table = await input(options.input, options);
  const filled = await filledColumns(table, detector.manifest);
  if (filled.length > 0) {
    warn(run)(
      `${enumerate(filled)} had no value in training and has some here, which the scores do not know`,
      'Train again on rows that have them.',
    );
  }
  const { fields } = detector.manifest.schema;
  const { explain, fast = false, keep } = options;
  const details = explain !== undefined;
  // Counted anew in each pass.
  let unseen = new Float64Array(fields.length);
  const items = (batch: ScoredBatch): ScoredItems => ({
    rows: batch.rows,
    rowNumbers: Float64Array.from(batch.score, (_, index) => batch.firstRow + index),
    score: batch.score,
    standardError: batch.standardError,
    pValue: batch.pValue,
    columns: async (flags) =>
      explain === undefined
        ? {}
        : {
            [topColumn]: await topFeatures(detector, table, batch, flags, {
              count: explain,
              fast,
            }),
          },
  });
  return {
    count: await table.rowCount(),
    columns: [[], details ? [{ name: topColumn, type: 'text' }] : []],
    ...(keep === undefined ? {} : { keep: { table, columns: keep, before: topColumn } }),
    // Details take as many bytes as the table.
    isKept: !details,
    needsScores: false,
    drift: () => driftOf(session, table),
    async *batches() {
      unseen = new Float64Array(fields.length);
      for await (const batch of detector.score(table, { fast, details, signal: run.signal })) {
        batch.unseen.forEach((count, field) => (unseen[field]! += count));
        yield items(batch);
      }
    },
    finish() {
      const foreign = fields.flatMap(({ name }, field) =>
        unseen[field] === 0 ? [] : ([[name, unseen[field]!]] as const),
      );
      if (foreign.length > 0) {
        const counts = foreign.map(([name, count]) => `${formatCount(count)} in ${name}`);
        warn(run)(`values that training never saw count as unlikely: ${enumerate(counts)}`);
      }
      return Promise.resolve({ lines: [], facts: { unseen: Object.fromEntries(foreign) } });
    },
  };
}

const topColumn = 'top_features';
