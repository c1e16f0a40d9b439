import type { Detector, ReconstructedBatch, ValueColumn } from '@unlikely/detect';

/**
 * Each column as expected, then the ends of its 90 % interval where it is a number, then how far the
 * row is from it: for a number the value less the expected one, else whether they differ.
 */
export function reconstructedColumns(
  detector: Detector,
  batch: ReconstructedBatch,
  { interval, difference }: { readonly interval?: boolean; readonly difference?: boolean },
): ValueColumn[] {
  const { fields } = detector.manifest.schema;
  const { rows, original, data } = batch;
  const expected = detector.columnsOf(batch);
  const lower = detector.columnsOf({ data: batch.lower, rows });
  const upper = detector.columnsOf({ data: batch.upper, rows });
  const cell = (cells: Float64Array, row: number, field: number): number =>
    cells[row * fields.length + field]!;
  return expected.flatMap((column, position): ValueColumn[] => {
    const { name } = column;
    const owned = fields.flatMap((field, index) => (field.column === name ? [index] : []));
    const isNumber = 'minimum' in fields[owned[0]!]!;
    const columns = [column];
    if (interval === true && isNumber) {
      columns.push({ ...lower[position]!, name: `${name}_lower` });
      columns.push({ ...upper[position]!, name: `${name}_upper` });
    }
    if (difference !== true) return columns;
    const values = Float64Array.from({ length: rows }, (_, row) => {
      if (isNumber) {
        const value = cell(original, row, owned[0]!) - (column.values[row] as number);
        // 0.3 − 0.1 is 0.19999999999999998.
        return Number(value.toPrecision(12));
      }
      if (owned.some((field) => Number.isNaN(cell(original, row, field)))) return NaN;
      return Number(owned.some((field) => cell(original, row, field) !== cell(data, row, field)));
    });
    const type = isNumber ? (column.type as 'double' | 'integer') : 'boolean';
    return [...columns, { name: `${name}_difference`, type, values }];
  });
}
