import type { Field } from '@unlikely/data/source';
import type { Configuration } from '../configuration.ts';

/**
 * One number that the networks see. A numeric field is one feature; a field with categories is one
 * indicator for each category and one for values that were never seen; a binary field needs only
 * the indicator of its second category. Every feature is standardised: (value − mean) / deviation.
 */
export interface Feature {
  /** Index of the field it belongs to. */
  readonly field: number;
  /** The category whose indicator it is; absent for numbers. */
  readonly category?: number;
  /** Whether sign(x) log(1 + |x|) is taken first. */
  readonly logarithm: boolean;
  readonly mean: number;
  readonly deviation: number;
}

/** Raw encoded rows: row-major [rows, fields], NaN where missing. */
export interface EncodedRows {
  readonly data: Float64Array;
  readonly rows: number;
}

/** Which indicators a field has, or undefined where it is a number. */
const indicatorsOf: {
  readonly [K in Field['kind']]: (field: Field & { kind: K }) => number[] | undefined;
} = {
  numeric: () => undefined,
  count: () => undefined,
  binary: () => [1, 2],
  categorical: ({ categories }) => [...categories.keys(), categories.length],
  cyclic: ({ period }) => [...Array(period).keys()],
};

function indicators(field: Field): number[] | undefined {
  return (indicatorsOf[field.kind] as (field: Field) => number[] | undefined)(field);
}

/** Which field each feature is of, and which category if any, in the order in which `fitFeatures` has them. */
export function featurePlaces(fields: readonly Field[]): Pick<Feature, 'field' | 'category'>[] {
  const ofFields = fields.map((field, index) => ({ field: index, categories: indicators(field) }));
  return [
    ...ofFields
      .filter(({ categories }) => categories === undefined)
      .map(({ field }) => ({ field })),
    ...ofFields.flatMap(({ field, categories = [] }) =>
      categories.map((category) => ({ field, category })),
    ),
  ];
}

/** How many features the fields will have. */
export function featureCount(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + (indicators(field)?.length ?? 1), 0);
}

/** How many features are numbers: they come first. */
export function numberCount(features: readonly Feature[]): number {
  return features.filter(({ category }) => category === undefined).length;
}

/** A deviation below this, relative to the mean, is rounding: the column is constant. */
const constantBelow = 1e-13;

/** Below this log(1 + x) is x itself, and its rounding would only blur the column. */
const logarithmFrom = 1e-3;

/**
 * Features, numbers before indicators, with the mean and the population deviation of the training
 * rows; missing values are left out. A constant feature gets deviation 1, so that a later change of it is measured in its own units.
 */
export function fitFeatures(
  fields: readonly Field[],
  rows: EncodedRows,
  { logarithmBeyond }: Pick<Configuration, 'logarithmBeyond'>,
): Feature[] {
  const fitted = fields.flatMap((field, index): Feature[] => {
    const values = columnOf(rows, index, fields.length);
    const categories = indicators(field);
    if (categories === undefined) {
      const plain = momentsOf(values);
      const heavy =
        plain.minimum >= 0 &&
        plain.maximum > Math.max(logarithmFrom, plain.mean + logarithmBeyond * plain.deviation);
      const { mean, deviation } = heavy ? momentsOf(values.map(Math.log1p)) : plain;
      return [{ field: index, logarithm: heavy, mean, deviation: usable(mean, deviation) }];
    }
    return categories.map((category) => {
      const { mean, deviation } = momentsOf(values.map((value) => Number(value === category)));
      return { field: index, category, logarithm: false, mean, deviation: usable(mean, deviation) };
    });
  });
  return [
    ...fitted.filter(({ category }) => category === undefined),
    ...fitted.filter(({ category }) => category !== undefined),
  ];
}

function usable(mean: number, deviation: number): number {
  return deviation <= constantBelow * Math.abs(mean) ? 1 : deviation;
}

/** The present values of a field. */
function columnOf({ data, rows }: EncodedRows, field: number, width: number): Float64Array {
  const values = new Float64Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = data[row * width + field]!;
    if (!Number.isNaN(value)) values[count++] = value;
  }
  return values.subarray(0, count);
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Two passes over values scaled into range, since squares of 1e300 would overflow; the second also
 * corrects the mean, whose rounding would matter beside a large offset.
 */
function momentsOf(values: Float64Array): Moments {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const value of values) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  if (values.length === 0) return { mean: 0, deviation: 0, minimum: 0, maximum: 0 };
  const scale = Math.max(Math.abs(minimum), Math.abs(maximum), Number.MIN_VALUE);
  let sum = 0;
  for (const value of values) sum += value / scale;
  const rough = sum / values.length;
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    const distance = value / scale - rough;
    squares += distance ** 2;
    rest += distance;
  }
  const correction = rest / values.length;
  const variance = Math.max(0, squares / values.length - correction ** 2);
  return {
    mean: (rough + correction) * scale,
    deviation: Math.sqrt(variance) * scale,
    minimum,
    maximum,
  };
}
