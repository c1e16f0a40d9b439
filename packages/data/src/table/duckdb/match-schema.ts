import { numberExpression, momentExpression, type StoredColumn } from './encode-in-sql.ts';
import { firstMisfit } from './infer/tally.ts';
import type { Relation } from './relation.ts';
import type { Field, Schema } from '../schema.ts';
import { storageClass } from '../storage.ts';
import { missingColumns } from '../missing-columns.ts';
import { retyped } from '../retyped.ts';

/** `Table.match` on a relation. */
export async function matchSchema(
  relation: Relation,
  schema: Schema,
): Promise<{ readonly extra: readonly string[] }> {
  const present = new Map(relation.columns.map((column) => [column.name, column]));
  const fields = new Map(schema.fields.map((field) => [field.column, field]));
  const missing = [...fields.keys()].filter((name) => !present.has(name));
  if (missing.length > 0) throw missingColumns(missing, relation.columns);
  for (const [name, field] of fields) await checkColumn(relation, present.get(name)!, field);
  const known = new Set(schema.columns.map(({ name }) => name));
  return { extra: [...present.keys()].filter((name) => !known.has(name)) };
}

async function checkColumn(relation: Relation, column: StoredColumn, field: Field): Promise<void> {
  const storage = storageClass(column.storageType);
  if (storage === 'other') throw retyped(field, column.storageType, {});
  const cast =
    field.kind === 'numeric' || field.kind === 'count'
      ? storage === 'timestamp'
        ? undefined
        : numberExpression(column)
      : field.kind === 'cyclic'
        ? momentExpression(column)
        : 'true';
  if (cast === undefined) throw retyped(field, column.storageType, {});
  // Typed columns always cast, but for numbers that are no times; text can hold a value that does not.
  if (storage === 'timestamp' || (storage !== 'text' && field.kind !== 'cyclic')) return;
  if (cast === 'true') return;
  const misfit = await firstMisfit(relation, column, cast);
  if (misfit !== undefined) {
    throw retyped(field, `${JSON.stringify(misfit.value)} in row ${misfit.row}`, misfit);
  }
}
