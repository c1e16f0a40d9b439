import type { Column, Field, Schema } from '@unlikely/data/source';
import type { EncodedRows } from '../column/feature.ts';
import type { RowRecord } from '../rows.ts';
import { held } from './draw-rows.ts';
import { timestampText } from './timestamp-text.ts';

/** Values of a column of the table: NaN or null where there is none. */
export type ValueColumn =
  | {
      readonly name: string;
      /** Booleans are 0 and 1. */
      readonly type: 'double' | 'integer' | 'boolean';
      readonly values: Float64Array;
    }
  | { readonly name: string; readonly type: 'text'; readonly values: readonly (string | null)[] };

/**
 * Encoded rows as a table in the user's units: the nearest values that the table could hold. Numbers
 * lie within the range that training saw, whole ones are whole, categories have their names; what is
 * no known category is left out. Of a timestamp the model knows hour, weekday and month alone: it
 * becomes the first such time of 2024.
 */
export function valueColumns({ columns, fields }: Schema, rows: EncodedRows): ValueColumn[] {
  return columns.flatMap((column): ValueColumn[] => {
    const owned = fields.flatMap((field, index) => (field.column === column.name ? [index] : []));
    if (owned.length === 0) return [];
    const cells = (index: number): Float64Array =>
      Float64Array.from({ length: rows.rows }, (_, row) => rows.data[row * fields.length + index]!);
    const [first] = owned;
    const field = fields[first!]!;
    switch (field.kind) {
      case 'numeric':
      case 'count':
        return [numberColumn(field, cells(first!))];
      case 'binary':
      case 'categorical':
        return [categoryColumn(column, field.categories, cells(first!))];
      case 'cyclic': {
        const parts = owned.map((index) => ({
          part: (fields[index] as Field & { kind: 'cyclic' }).part,
          values: cells(index),
        }));
        const values = Array.from({ length: rows.rows }, (_, row) =>
          timestampText(new Map(parts.map(({ part, values: own }) => [part, own[row]!]))),
        );
        return [{ name: column.name, type: 'text', values }];
      }
    }
  });
}

/** Whole numbers above this are not exact in a double. */
const largestWhole = Number.MAX_SAFE_INTEGER;

function numberColumn(
  field: Field & { kind: 'numeric' | 'count' },
  values: Float64Array,
): ValueColumn {
  const { name, minimum, maximum, integer } = field;
  const whole = integer && minimum >= -largestWhole && maximum <= largestWhole;
  const round = whole ? Math.round : rounding(field);
  return {
    name,
    type: whole ? 'integer' : 'double',
    // Adding 0 turns −0 into 0.
    values: values.map((value) => round(held(value, field)) + 0),
  };
}

/** More decimals than this are a measurement's noise, not how a column is written. */
const mostDecimals = 6;

/**
 * To as many decimals as the column has: rates in hundredths stay such. Where it has no fixed number
 * of them, to the digits that tell something of a value, since the decoder computes in float32.
 */
function rounding({ quantiles, deviation }: Field & { kind: 'numeric' | 'count' }) {
  // Some quantiles lie between two values of the column: they have more decimals.
  const known = quantiles.map(decimalsOf).filter((count) => count > 0);
  const decimals = known.sort((a, b) => a - b)[Math.floor((known.length - 1) / 2)] ?? Infinity;
  if (decimals <= mostDecimals) {
    return (value: number): number => (Number.isNaN(value) ? NaN : Number(value.toFixed(decimals)));
  }
  return (value: number): number => {
    const magnitude = Math.log10(Math.abs(value) / deviation);
    if (!Number.isFinite(magnitude)) return value;
    return Number(value.toPrecision(Math.min(15, Math.max(6, Math.ceil(magnitude) + 5))));
  };
}

function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /\.(\d+)(?:e(.+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

/** Categories as the table stores them: numbers and booleans, too, may be categories. */
function categoryColumn(
  { name, storageType }: Column,
  categories: readonly string[],
  indices: Float64Array,
): ValueColumn {
  if (storageType === 'BOOLEAN') {
    const values = indices.map((index) => {
      const category = categories[index];
      return category === undefined ? NaN : Number(category === 'true');
    });
    return { name, type: 'boolean', values };
  }
  const numbers = categories.map(Number);
  if (storageType !== 'VARCHAR' && numbers.every((value) => Math.abs(value) <= largestWhole)) {
    const type = numbers.every(Number.isInteger) ? 'integer' : 'double';
    return { name, type, values: indices.map((index) => numbers[index] ?? NaN) };
  }
  return { name, type: 'text', values: Array.from(indices, (index) => categories[index] ?? null) };
}

/** Encoded rows as records in the user's units; null where there is no value. */
export function recordsOf(schema: Schema, rows: EncodedRows): RowRecord[] {
  const columns = valueColumns(schema, rows);
  return Array.from({ length: rows.rows }, (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, valueAt(column, row)])),
  );
}

function valueAt({ type, values }: ValueColumn, row: number): number | string | boolean | null {
  const value = values[row]!;
  if (typeof value !== 'number') return value;
  if (Number.isNaN(value)) return null;
  return type === 'boolean' ? value === 1 : value;
}
