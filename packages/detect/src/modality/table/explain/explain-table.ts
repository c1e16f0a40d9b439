import type { Table } from '@unlikely/data/source';
import { detectError } from '../../../detect-error.ts';
import type { ScoredBatch } from '../score/scored-batch.ts';
import type { Explanation } from './explanation.ts';

/** What explains rows of a scored batch, given as they stand in the table. */
export type ExplainBatch = (
  batch: ScoredBatch,
  indices: readonly number[],
  records: readonly Record<string, unknown>[],
) => Promise<readonly Explanation[]>;

/**
 * Why some rows of a table, by their 0-based numbers, got their scores.
 *
 * @param batches The table, scored with details.
 * @throws UnlikelyError `detect/input` for a row that the table does not have.
 */
export async function explainTable(
  table: Table,
  rowNumbers: readonly number[],
  batches: AsyncIterable<ScoredBatch>,
  explain: ExplainBatch,
): Promise<Explanation[]> {
  const wanted = new Map<number, number[]>();
  rowNumbers.forEach((row, index) => wanted.set(row, [...(wanted.get(row) ?? []), index]));
  const records = await table.records(rowNumbers);
  const found: Explanation[] = [];
  let left = rowNumbers.length;
  for await (const batch of batches) {
    const here = Array.from({ length: batch.rows }, (_, index) => index).filter((index) =>
      wanted.has(batch.firstRow + index),
    );
    const positions = here.map((index) => wanted.get(batch.firstRow + index)!);
    const own = positions.map(([position]) => records[position!] ?? {});
    const explanations = await explain(batch, here, own);
    explanations.forEach((explanation, index) => {
      for (const position of positions[index]!) {
        found[position] = explanation;
        left--;
      }
    });
    if (left === 0) break;
  }
  const missing = rowNumbers.find((_, index) => found[index] === undefined);
  if (missing === undefined) return found;
  throw detectError('detect/input', `expected a row of the table, got row ${missing}`, {
    help: 'Rows are counted from 0.',
  });
}
