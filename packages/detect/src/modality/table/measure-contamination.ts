import type { Table } from '@unlikely/data/source';
import type { Manifest } from './manifest.ts';
import type { Explanation } from './explain/explanation.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import type { ScoreOptions } from './score/score-options.ts';
import { highestRows } from '../../calibrate/alert-budget.ts';
import { estimateContamination } from '../../contamination/estimate-contamination.ts';
import type { Contamination, Suspect } from '../../contamination/contamination.ts';

/** What scores and explains the rows of a training. */
export interface Suspecting {
  readonly manifest: Manifest;
  score(table: Table, options: ScoreOptions): AsyncIterable<ScoredBatch>;
  explain(table: Table, rowNumbers: readonly number[]): Promise<readonly Explanation[]>;
}

/** Suspects that a model file names. */
const namedSuspects = 20;
const reasonCount = 3;
/** Fewer have no tail to look at. */
const fewestRows = 20;

/** Scores the rows that a model was trained on, estimates how many stand out, and names the first. */
export async function measureContamination(
  detector: Suspecting,
  table: Table,
): Promise<Contamination> {
  const { rows, scores } = await trainingScores(detector, table);
  const estimate =
    scores.length < fewestRows
      ? { share: 0, lower: 0, upper: 0 }
      : estimateContamination(scores, detector.manifest.configuration.seed);
  return {
    ...estimate,
    rows: scores.length,
    suspects: await suspectsAt(detector, table, highest(rows, scores, namedSuspects)),
  };
}

/** The most suspicious training rows, by falling score. */
export async function findSuspects(
  detector: Suspecting,
  table: Table,
  count: number,
  signal?: AbortSignal,
): Promise<Suspect[]> {
  const { rows, scores } = await trainingScores(detector, table, signal);
  return suspectsAt(detector, table, highest(rows, scores, count));
}

function highest(rows: Float64Array, scores: Float64Array, count: number): number[] {
  return Array.from(highestRows(scores, count), (place) => rows[place]!);
}

/** Scores of the rows that the label calls normal, with their numbers in the table. */
async function trainingScores(
  detector: Suspecting,
  table: Table,
  signal?: AbortSignal,
): Promise<{ rows: Float64Array; scores: Float64Array }> {
  const { label } = detector.manifest;
  const rows = new Float64Array(await table.rowCount());
  const scores = new Float64Array(rows.length);
  let count = 0;
  const batches = detector.score(table, {
    ...(label === undefined ? {} : { labels: label.column }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const { firstRow, score, labels } of batches) {
    score.forEach((value, index) => {
      const labelled = labels?.[index];
      if (label !== undefined && !label.normal.includes(labelled ?? '')) return;
      rows[count] = firstRow + index;
      scores[count++] = value;
    });
  }
  return { rows: rows.subarray(0, count), scores: scores.subarray(0, count) };
}

async function suspectsAt(
  detector: Suspecting,
  table: Table,
  rows: readonly number[],
): Promise<Suspect[]> {
  const explanations = await detector.explain(table, rows);
  return explanations.map(({ row, score, pValue, features }) => ({
    row,
    score,
    pValue,
    reasons: features
      .slice(0, reasonCount)
      .filter(({ contribution }, rank) => rank === 0 || contribution > 0)
      .map(({ sentence }) => sentence),
  }));
}
