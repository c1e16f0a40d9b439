import type { Field } from './schema.ts';

/** Copies `rows` values of a column into every `stride`-th place; infinities become finite. */
export function copyColumn(
  column: Float64Array,
  start: number,
  rows: number,
  target: Float64Array,
  offset: number,
  stride: number,
): void {
  let place = offset;
  for (let row = start; row < start + rows; row++) {
    const value = column[row]!;
    // Infinity is neither missing nor a number to calculate with; the model clamps far-out values.
    target[place] =
      value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value;
    place += stride;
  }
}

/** Cells per field that hold the index of an unseen category. */
export function countUnseen(data: Float64Array, fields: readonly Field[]): Int32Array {
  const unseen = new Int32Array(fields.length);
  for (const [index, field] of fields.entries()) {
    if (field.kind !== 'binary' && field.kind !== 'categorical') continue;
    const code = field.categories.length;
    for (let place = index; place < data.length; place += fields.length) {
      if (data[place] === code) unseen[index]!++;
    }
  }
  return unseen;
}
