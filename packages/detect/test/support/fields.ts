import type { Field, Schema } from '@unlikely/data';

const statistics = { mean: 0, deviation: 1, minimum: -9, maximum: 9, quantiles: [], missing: 0 };

export const numeric = (name: string, more: Partial<Field> = {}): Field =>
  ({ kind: 'numeric', name, column: name, ...statistics, integer: false, ...more }) as Field;

export const count = (name: string): Field =>
  ({ kind: 'count', name, column: name, ...statistics, minimum: 0, integer: true }) as Field;

export const categorical = (name: string, categories: readonly string[]): Field => ({
  kind: 'categorical',
  name,
  column: name,
  categories,
  frequencies: categories.map(() => 1 / categories.length),
  missing: 0,
});

export const binary = (name: string, categories: readonly string[] = ['no', 'yes']): Field =>
  ({
    ...categorical(name, categories),
    kind: 'binary',
  }) as Field;

export const cyclic = (
  name: string,
  part: 'hour' | 'weekday' | 'month',
  period: number,
): Field => ({
  kind: 'cyclic',
  name,
  column: name,
  part,
  period,
  frequencies: Array.from({ length: period }, () => 1 / period),
  missing: 0,
});

export const schemaOf = (fields: readonly Field[], rows: number): Schema => ({
  rows,
  fields,
  columns: fields.map(({ name, kind }) => ({
    name,
    storageType: 'DOUBLE',
    kind: kind === 'cyclic' ? 'timestamp' : kind,
    reason: 'of a test',
    missing: 0,
    distinct: rows,
  })),
});
