import type { Table } from '@unlikely/data/source';
import { labelsOfColumn, trainingLabel } from '../../../normal-labels.ts';
import type { TrainOptions } from './train-options.ts';

/**
 * The rows to learn from: those that the label calls normal, without the part that is kept to test on.
 *
 * @throws UnlikelyError `detect/normal-values`.
 */
export async function trainingRows(
  table: Table,
  { label, normal: given, testShare = 0, onEvent }: TrainOptions,
): Promise<{ readonly rows: Table; readonly normal: readonly string[] }> {
  if (label === undefined) {
    const rows = testShare === 0 ? table : (await table.split(testShare)).training;
    return { rows, normal: [] };
  }
  const summary = trainingLabel(await labelsOfColumn(table, label), given);
  onEvent?.({ kind: 'label', ...summary });
  const normal = summary.normal.map(({ value }) => value);
  const filter = { column: label, in: normal };
  const seen = testShare === 0 ? table : (await table.split(testShare, filter)).training;
  return { rows: seen.where(filter), normal };
}
