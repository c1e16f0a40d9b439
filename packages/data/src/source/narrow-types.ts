import type { Database } from '../duckdb.ts';

/** Planning time grows with the square of the columns in one query. */
const columnsPerQuery = 50;

/**
 * The narrowest type that every value of each text column has: BIGINT, DOUBLE, else VARCHAR. A
 * guess from the first rows would fail far down the file. Numbers with leading zeros are codes,
 * and whole numbers from 2^53 are identifiers that a double would change: both stay text.
 */
export async function narrowTypes(
  database: Database,
  columns: readonly string[],
  relation: string,
): Promise<string[]> {
  const types: string[] = [];
  for (let start = 0; start < columns.length; start += columnsPerQuery) {
    const tests = columns.slice(start, start + columnsPerQuery).map((name) => {
      const number = `TRY_CAST(${name} AS DOUBLE)`;
      const code = `bool_or(${name} LIKE '0_%' AND ${name} NOT LIKE '0.%' AND ${name} NOT ILIKE '0e%')`;
      return (
        // 1e-9999 is 0 as a double and no whole number to the engine.
        `count(${name}), count(${number}), ` +
        `bool_and(${number} = trunc(${number})) AND count(TRY_CAST(${name} AS BIGINT)) = count(${name}), ` +
        `max(abs(${number})), ${code}`
      );
    });
    const [row] = await database.rows(`SELECT ${tests.join(', ')} FROM ${relation}`);
    for (let at = 0; at < row!.length; at += 5) {
      const [present, numbers, whole, largest, code] = row!.slice(at, at + 5);
      types.push(
        numbers !== present || Number(present) === 0 || code === true
          ? 'VARCHAR'
          : whole !== true || largest === Infinity
            ? 'DOUBLE'
            : Number(largest) < 2 ** 53
              ? 'BIGINT'
              : 'VARCHAR',
      );
    }
  }
  return types;
}
