import type { Database } from '../../../duckdb/duckdb.ts';
import { literals } from '../../../duckdb/sql.ts';

/** Planning time grows with the square of the columns in one query. */
const columnsPerQuery = 50;

/** A column of texts with the type that its values have. */
export interface NarrowedColumn {
  /** As SQL, of the type VARCHAR. */
  readonly text: string;
  readonly type: 'BIGINT' | 'DOUBLE' | 'VARCHAR';
}

/**
 * The narrowest type that every value of each text column has: BIGINT, DOUBLE, else VARCHAR. A
 * guess from the first rows would fail far down the file. Numbers with leading zeros are codes,
 * and whole numbers from 2^53 are identifiers that a double would change: both stay text.
 *
 * @param missing Words for no value, which the reader knows without blanks around them alone.
 */
export async function narrowTypes(
  database: Database,
  columns: readonly string[],
  relation: string,
  missing: readonly string[],
): Promise<NarrowedColumn[]> {
  const found = await inspect(database, columns, relation, missing);
  const blank = found.filter(({ hasBlankMissing }) => hasBlankMissing);
  const texts = blank.map(({ text }) => presentText(text, literals(missing)));
  const again = await inspect(database, texts, relation, missing);
  return found.map((column) => (column.hasBlankMissing ? again[blank.indexOf(column)]! : column));
}

/**
 * NULL for the texts that stand for no value. `list_contains` in place of `IN`, which becomes a join
 * for more than a few values, and behind a join streamed rows lose their order.
 */
export function presentText(column: string, missing: string): string {
  return `(CASE WHEN list_contains([${missing}], trim(${column})) THEN NULL ELSE ${column} END)`;
}

async function inspect(
  database: Database,
  columns: readonly string[],
  relation: string,
  missing: readonly string[],
): Promise<(NarrowedColumn & { readonly hasBlankMissing: boolean })[]> {
  const found: (NarrowedColumn & { readonly hasBlankMissing: boolean })[] = [];
  for (let start = 0; start < columns.length; start += columnsPerQuery) {
    const asked = columns.slice(start, start + columnsPerQuery);
    const tests = asked.map((name) => {
      const number = `TRY_CAST(${name} AS DOUBLE)`;
      const code = `bool_or(${name} LIKE '0_%' AND ${name} NOT LIKE '0.%' AND ${name} NOT ILIKE '0e%')`;
      return (
        // 1e-9999 is 0 as a double and no whole number to the engine.
        `count(${name}), count(${number}), ` +
        `bool_and(${number} = trunc(${number})) AND count(TRY_CAST(${name} AS BIGINT)) = count(${name}), ` +
        `max(abs(${number})), ${code}, ` +
        `bool_or(${name} <> trim(${name}) AND list_contains([${literals(missing)}], trim(${name})))`
      );
    });
    const [row] = await database.rows(`SELECT ${tests.join(', ')} FROM ${relation}`);
    for (const [index, text] of asked.entries()) {
      const [present, numbers, whole, largest, code, blank] = row!.slice(6 * index, 6 * index + 6);
      const type =
        numbers !== present || Number(present) === 0 || code === true
          ? 'VARCHAR'
          : whole !== true || largest === Infinity
            ? 'DOUBLE'
            : Number(largest) < 2 ** 53
              ? 'BIGINT'
              : 'VARCHAR';
      found.push({ text, type, hasBlankMissing: blank === true });
    }
  }
  return found;
}
