import { dataError } from './data-error.ts';
import { numberExpression, timestampExpression, type StoredColumn } from './expression.ts';
import { firstMisfit } from './infer/tally.ts';
import { missingColumns, type Relation } from './relation.ts';
import type { Field, Schema } from './schema.ts';
import { storageClass } from './storage.ts';

const expectations: Readonly<Record<Field['kind'], string>> = {
  numeric: 'a number',
  count: 'a number',
  binary: 'a category',
  categorical: 'a category',
  cyclic: 'a time',
};

/** `Table.match` on a relation. */
export async function matchSchema(
  relation: Relation,
  schema: Schema,
): Promise<{ readonly extra: readonly string[] }> {
  const present = new Map(relation.columns.map((column) => [column.name, column]));
  const fields = new Map(schema.fields.map((field) => [field.column, field]));
  const missing = [...fields.keys()].filter((name) => !present.has(name));
  if (missing.length > 0) throw missingColumns(missing, relation);
  for (const [name, field] of fields) await checkColumn(relation, present.get(name)!, field);
  const known = new Set(schema.columns.map(({ name }) => name));
  return { extra: [...present.keys()].filter((name) => !known.has(name)) };
}

async function checkColumn(relation: Relation, column: StoredColumn, field: Field): Promise<void> {
  const storage = storageClass(column.storageType);
  if (storage === 'other') throw retyped(column, field, column.storageType, {});
  const cast =
    field.kind === 'numeric' || field.kind === 'count'
      ? storage === 'timestamp'
        ? undefined
        : numberExpression(column)
      : field.kind === 'cyclic'
        ? timestampExpression(column)
        : 'true';
  if (cast === undefined) throw retyped(column, field, column.storageType, {});
  // Typed columns always cast; only text can hold a value that does not.
  if (storage !== 'text' && !(storage === 'boolean' && field.kind === 'cyclic')) return;
  if (cast === 'true') return;
  const misfit = await firstMisfit(relation, { column }, cast);
  if (misfit !== undefined) {
    throw retyped(column, field, `${JSON.stringify(misfit.value)} in row ${misfit.row}`, misfit);
  }
}

function retyped(
  column: StoredColumn,
  field: Field,
  came: string,
  details: Readonly<Record<string, unknown>>,
): Error {
  return dataError(
    'data/retyped-column',
    `expected ${expectations[field.kind]} in every row of column "${column.name}", but it holds ${came}`,
    {
      help: 'Correct the value, or train again on the new table.',
      details: { column: column.name, ...details },
    },
  );
}
