import type { Field } from '@unlikely/data/source';
import type { RandomStream } from '@unlikely/graph';
import type { EncodedRows } from '../column/feature.ts';
import type { Matrix } from '../../../matrix.ts';
import { shiftSizes } from './anomaly-kind.ts';
import type { AnomalyKind } from './anomaly-kind.ts';
import type { ColumnScales } from './column-scales.ts';
import type { LocalGaussian } from './local-gaussian.ts';

/** What injectors know of normal rows. */
export interface NormalRows {
  readonly fields: readonly Field[];
  /** Those that are changed. */
  readonly heldOut: EncodedRows;
  /** Their numbers, scaled. */
  readonly scaled: Matrix;
  /** Those that columns and neighbourhoods are known from. */
  readonly reference: EncodedRows;
  readonly scales: ColumnScales;
  readonly local: LocalGaussian;
}

/** What is done to a row. */
export interface Target {
  /** The one field that is changed. */
  readonly field?: number;
  readonly deviations?: number;
  /** The held-out row to start from, where it is not any. */
  readonly origin?: number;
}

export interface Injector {
  /**
   * Groups of targets. The rows of a kind are spread evenly over the groups, and the targets of one
   * group change the same rows by the same draws. Empty where such rows cannot have the kind.
   */
  readonly groups: (normal: NormalRows, stream: RandomStream) => readonly (readonly Target[])[];
  /** Changes `row` [fields], a copy of the held-out row `origin`. */
  readonly change: (
    row: Float64Array,
    origin: number,
    target: Target,
    normal: NormalRows,
    stream: RandomStream,
  ) => void;
}

/** α of Han et al.: by what the covariance and the mean of a component are multiplied. */
const componentScale = 5;
/** And by what the range of a column. */
const rangeScale = 1.1;
const clusters = 5;
/** Fields that are changed alone; of more a random part, the smaller the wider the rows. */
const mostFields = (width: number): number => Math.max(10, Math.min(100, 50_000 / width));

const anyRow: readonly (readonly Target[])[] = [[{}]];
const numbersOf = ({ scales }: NormalRows): readonly number[] => scales.fields;

/** How many categories a field has; 0 for numbers. */
const categoryCount: { readonly [K in Field['kind']]: (field: Field & { kind: K }) => number } = {
  numeric: () => 0,
  count: () => 0,
  binary: ({ categories }) => categories.length,
  categorical: ({ categories }) => categories.length,
  cyclic: ({ period }) => period,
};

function categoriesIn(field: Field): number {
  return (categoryCount[field.kind] as (field: Field) => number)(field);
}

/** The closed table of injectors. */
export const injectors: { readonly [K in AnomalyKind]: Injector } = {
  // N(μ, Σ) plus N(0, (α − 1) Σ) is N(μ, α Σ).
  local: {
    groups: (normal) => (numbersOf(normal).length > 0 ? anyRow : []),
    change: (row, origin, _, { scaled, scales, local }, stream) => {
      const noise = local.around(scaled, origin).noise(stream);
      scales.fields.forEach((field, column) => {
        const change = Math.sqrt(componentScale - 1) * noise[column]! * scales.deviation[column]!;
        row[field] = finite(row[field]! + change);
      });
    },
  },
  global: {
    groups: () => anyRow,
    change: (row, _, __, { fields, scales }, stream) => {
      scales.fields.forEach((field, column) => {
        const centre = scales.minimum[column]! / 2 + scales.maximum[column]! / 2;
        const radius = scales.maximum[column]! / 2 - scales.minimum[column]! / 2;
        const drawn = (2 * stream.uniform() - 1) * rangeScale * radius;
        if (!Number.isNaN(row[field])) row[field] = finite(centre + drawn);
      });
      fields.forEach((field, index) => {
        const count = categoriesIn(field);
        if (count > 0 && !Number.isNaN(row[index])) row[index] = stream.integer(count);
      });
    },
  },
  clustered: {
    groups: (normal, stream) =>
      numbersOf(normal).length > 0
        ? Array.from({ length: clusters }, () => [{ origin: outerRow(normal, stream) }])
        : [],
    change: (row, origin, _, { scaled, scales, local }, stream) => {
      const { mean, noise } = local.around(scaled, origin);
      const drawn = noise(stream);
      scales.fields.forEach((field, column) => {
        const distance = componentScale * mean[column]! + drawn[column]!;
        const value = scales.mean[column]! + scales.deviation[column]! * distance;
        if (!Number.isNaN(row[field])) row[field] = finite(value);
      });
    },
  },
  dependency: {
    groups: ({ fields }) => (fields.length > 1 ? anyRow : []),
    change: (row, _, __, { reference, fields }, stream) => {
      fields.forEach((_field, index) => {
        row[index] = reference.data[stream.integer(reference.rows) * fields.length + index]!;
      });
    },
  },
  shift: {
    groups: (normal, stream) =>
      some(numbersOf(normal), normal.fields.length, stream).map((field) =>
        shiftSizes.map((deviations) => ({ field, deviations })),
      ),
    change: (row, _, { field, deviations }, { fields, scales }, stream) => {
      const deviation = scales.deviation[scales.fields.indexOf(field!)]!;
      const up = stream.uniform() < 0.5 || fields[field!]!.kind === 'count';
      row[field!] = finite(row[field!]! + (up ? 1 : -1) * deviations! * deviation);
    },
  },
  category: {
    groups: ({ fields }, stream) => {
      const several = [...fields.keys()].filter((field) => categoriesIn(fields[field]!) > 1);
      return some(several, fields.length, stream).map((field) => [{ field }]);
    },
    change: (row, _, { field }, { fields }, stream) => {
      row[field!] = otherCategory(fields[field!]!, row[field!]!, stream);
    },
  },
};

/** At most so many of the fields, in their order. */
function some(fields: readonly number[], width: number, stream: RandomStream): readonly number[] {
  const chosen = new Set(stream.permutation(fields.length).subarray(0, mostFields(width)));
  return fields.filter((_, index) => chosen.has(index));
}

/** Of two held-out rows the one whose neighbours lie farther from the mean: five times nothing is nothing. */
function outerRow({ heldOut, scaled, local }: NormalRows, stream: RandomStream): number {
  const distance = (row: number): number =>
    local.around(scaled, row).mean.reduce((sum, value) => sum + value * value, 0);
  const [a, b] = [stream.integer(heldOut.rows), stream.integer(heldOut.rows)];
  return distance(a) > distance(b) ? a : b;
}

/** One of the other categories, by their frequencies; evenly where none of them occurs. */
function otherCategory(field: Field, category: number, stream: RandomStream): number {
  const count = categoriesIn(field);
  const frequencies = 'frequencies' in field ? field.frequencies : [];
  const weights = Array.from({ length: count }, (_, index) =>
    index === category ? 0 : (frequencies[index] ?? 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return (category + 1 + stream.integer(count - 1)) % count;
  let left = stream.uniform() * total;
  const chosen = weights.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave a rest beyond the last one.
  return chosen === -1 ? weights.findLastIndex((weight) => weight > 0) : chosen;
}

function finite(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}
