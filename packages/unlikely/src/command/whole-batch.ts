import type { Table } from '@unlikely/data';
import type { Detector, ScoredBatch, ScoreOptions } from '@unlikely/detect';

/** Rows whose batches are kept, 24 bytes each; of a larger table they are scored a second time. */
const mostKeptRows = 4_000_000;

/** All scores of a table, 8 bytes a row, and its batches as they came. */
export interface WholeBatch {
  readonly scores: Float64Array;
  readonly batches: AsyncIterable<ScoredBatch> | Iterable<ScoredBatch>;
}

/**
 * Scores every row before the first is judged, as rules need that compare rows with each other.
 * Details are never kept: with them the batches are scored anew.
 */
export async function wholeBatch(
  detector: Detector,
  table: Table,
  { details = false, ...scoring }: ScoreOptions,
  mostKept: number = mostKeptRows,
): Promise<WholeBatch> {
  const scores = new Float64Array(await table.rowCount());
  const kept: ScoredBatch[] = [];
  const isKept = !details && scores.length <= mostKept;
  for await (const batch of detector.score(table, scoring)) {
    scores.set(batch.score, batch.firstRow);
    if (isKept) kept.push(batch);
  }
  return { scores, batches: isKept ? kept : detector.score(table, { ...scoring, details }) };
}
