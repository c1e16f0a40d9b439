import type { ScoredBatch } from '@unlikely/data';
import type { DenoisedBatch, Detector, ValueColumn } from '@unlikely/detect';

/** The values that stand in the place of others, nothing elsewhere, and the names of their columns. */
export function replacedCells(detector: Detector, batch: DenoisedBatch): ScoredBatch['columns'] {
  const { fields } = detector.manifest.schema;
  const columns = detector.columnsOf(batch);
  const isReplaced = (row: number, name: string): boolean =>
    fields.some(
      ({ column }, field) => column === name && batch.replaced[row * fields.length + field] === 1,
    );
  const replaced = Array.from({ length: batch.rows }, (_, row) =>
    columns.flatMap(({ name }) => (isReplaced(row, name) ? [name] : [])),
  );
  const only = ({ name, values }: ValueColumn): ScoredBatch['columns'][string] =>
    ArrayBuffer.isView(values)
      ? (values as Float64Array).map((value, row) => (replaced[row]!.includes(name) ? value : NaN))
      : (values as readonly (string | null)[]).map((value, row) =>
          replaced[row]!.includes(name) ? value : null,
        );
  return {
    ...Object.fromEntries(columns.map((column) => [column.name, only(column)])),
    replaced: replaced.map((names) => (names.length === 0 ? null : names.join('; '))),
  };
}
