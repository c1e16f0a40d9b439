import type { ScoredBatch, WriterColumn } from '@unlikely/data';
import type { Detector, ValueColumn } from '@unlikely/detect';

/** The columns that rows of a model have in the user's units. */
export function rowColumns(detector: Detector): readonly WriterColumn[] {
  return detector
    .columnsOf({ data: new Float64Array(0), rows: 0 })
    .map(({ name, type }) => ({ name, type }));
}

/** Values by the name of their column, as the writer takes them. */
export function valuesByName(columns: readonly ValueColumn[]): ScoredBatch['columns'] {
  return Object.fromEntries(columns.map(({ name, values }) => [name, values]));
}
