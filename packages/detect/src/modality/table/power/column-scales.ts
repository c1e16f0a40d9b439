import type { Field } from '@unlikely/data/source';
import { fitFeatures } from '../column/feature.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Matrix } from '../../../matrix.ts';

/** What the numbers of normal rows look like, column by column. */
export interface ColumnScales {
  /** Indices of the fields that are numbers; the arrays below are in their order. */
  readonly fields: readonly number[];
  readonly mean: Float64Array;
  /** 1 for a constant. */
  readonly deviation: Float64Array;
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
}

/** Infinities were read as the largest number: beyond this many deviations all are alike. */
const farthest = 1000;

export function columnScales(fields: readonly Field[], rows: EncodedRows): ColumnScales {
  const numbers = fitFeatures(fields, rows, { logarithmBeyond: Infinity }).filter(
    ({ category }) => category === undefined,
  );
  const minimum = new Float64Array(numbers.length).fill(Infinity);
  const maximum = new Float64Array(numbers.length).fill(-Infinity);
  numbers.forEach(({ field }, index) => {
    for (let at = field; at < rows.data.length; at += fields.length) {
      const value = rows.data[at]!;
      if (value < minimum[index]!) minimum[index] = value;
      if (value > maximum[index]!) maximum[index] = value;
    }
  });
  return {
    fields: numbers.map(({ field }) => field),
    mean: Float64Array.from(numbers, ({ mean }) => mean),
    deviation: Float64Array.from(numbers, ({ deviation }) => deviation),
    minimum,
    maximum,
  };
}

/** The numbers of rows [rows, width] in deviations from the mean, [rows, fields]; 0 where missing. */
export function scaledNumbers(scales: ColumnScales, { data, rows }: EncodedRows): Matrix {
  const columns = scales.fields.length;
  const width = data.length / Math.max(1, rows);
  const scaled = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    scales.fields.forEach((field, column) => {
      const distance =
        (data[row * width + field]! - scales.mean[column]!) / scales.deviation[column]!;
      scaled[row * columns + column] = Number.isNaN(distance)
        ? 0
        : Math.max(-farthest, Math.min(farthest, distance));
    });
  }
  return { data: scaled, rows, columns };
}
