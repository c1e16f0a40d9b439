import type { Column, Field, Schema } from '@unlikely/data';
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
  const { name, minimum, maximum, integer, deviation } = field;
  const whole = integer && minimum >= -largestWhole && maximum <= largestWhole;
  return {
    name,
    type: whole ? 'integer' : 'double',
    values: values.map((value) => {
      const bounded = held(value, field);
      // Adding 0 turns −0 into 0.
      return (whole ? Math.round(bounded) : rounded(bounded, deviation)) + 0;
    }),
  };
}

/** The decoder computes in float32: digits that tell nothing of a value are not shown. */
function rounded(value: number, deviation: number): number {
  const magnitude = Math.log10(Math.abs(value) / deviation);
  if (!Number.isFinite(magnitude)) return Number.isNaN(value) ? NaN : Number(value.toPrecision(15));
  return Number(value.toPrecision(Math.min(15, Math.max(6, Math.ceil(magnitude) + 5))));
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
