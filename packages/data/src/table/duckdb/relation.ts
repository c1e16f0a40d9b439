import type { Database } from '../../duckdb/duckdb.ts';
import type { StoredColumn } from './encode-in-sql.ts';
import { missingColumns } from '../missing-columns.ts';

/** The rows of a table or a view, as SQL: what stands after FROM. */
export interface Relation {
  readonly database: Database;
  readonly from: string;
  readonly columns: readonly StoredColumn[];
  /** Texts that stood for "no value" in the source. */
  readonly missingValues: readonly string[];
}

/** Name of the 0-based row number in `numberedRows`. */
export const rowNumber = 'row_number_';

/** The relation with its row numbers. */
export function numberedRows(relation: Relation): string {
  return `(SELECT *, row_number() OVER () - 1 AS ${rowNumber} FROM ${relation.from})`;
}

/** The relation's rows whose numbers are in a table made by `createNumberTable`. */
export function chosenRows(relation: Relation, numbers: string): string {
  return `(SELECT * FROM ${numberedRows(relation)} WHERE ${rowNumber} IN (SELECT CAST(value AS BIGINT) FROM ${numbers}))`;
}

/** The column of that name. */
export function columnNamed(relation: Relation, name: string): StoredColumn {
  const column = relation.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw missingColumns([name], relation.columns);
  return column;
}
