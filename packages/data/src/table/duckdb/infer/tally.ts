import {
  cyclicExpression,
  numberExpression,
  timestampExpression,
  type StoredColumn,
} from '../encode-in-sql.ts';
import { RandomStream } from '@unlikely/graph';
import { withNumbers } from '../read/sample.ts';
import { chosenRows, columnNamed, numberedRows, rowNumber, type Relation } from '../relation.ts';
import { cyclicPeriods, quantileLevels, type CyclicPart } from '../../schema.ts';
import { chooseRows } from '../../../sample/choose-rows.ts';
import type { ColumnFacts } from '../../infer/column-facts.ts';
import { byFrequency, mostQuantileRows, type Count } from '../../infer/column-queries.ts';
import { categoryText } from './column-facts.ts';

const columnsPerQuery = 40;

/** All different values of columns that have few, in one scan for every 40 columns. */
export async function tallyValues(
  relation: Relation,
  facts: readonly ColumnFacts[],
): Promise<Map<string, readonly Count[]>> {
  const tallies = new Map<string, readonly Count[]>();
  for (let start = 0; start < facts.length; start += columnsPerQuery) {
    const group = facts.slice(start, start + columnsPerQuery);
    const selected = group.map(
      (one) => `CAST(to_json(histogram(${categoryText(relation, one)})) AS VARCHAR)`,
    );
    const [row] = await relation.database.rows(
      `SELECT ${selected.join(', ')} FROM ${relation.from}`,
    );
    group.forEach((one, index) => {
      const counts = Object.entries(JSON.parse(String(row![index] ?? '{}')) as object) as Count[];
      tallies.set(one.column.name, counts.toSorted(byFrequency));
    });
  }
  return tallies;
}

/** The most frequent values of a column that has many. */
export async function topValues(
  relation: Relation,
  facts: ColumnFacts,
  limit: number,
): Promise<readonly Count[]> {
  const rows = await relation.database.rows(
    `SELECT ${categoryText(relation, facts)} AS value, count(*) AS count FROM ${relation.from} ` +
      `WHERE ${columnNamed(relation, facts.column.name).physical} IS NOT NULL GROUP BY value ORDER BY count DESC, value LIMIT ${limit}`,
  );
  return rows.map(([value, count]): Count => [String(value), Number(count)]).sort(byFrequency);
}

/** How a column goes on from row to row: rows below and rows equal to the one before. */
export async function countSteps(
  relation: Relation,
  facts: ColumnFacts,
): Promise<{ falls: number; ties: number }> {
  const value = columnNamed(relation, facts.column.name).physical;
  const [row] = await relation.database.rows(
    `SELECT count(*) FILTER (v < w), count(*) FILTER (v = w) FROM ` +
      `(SELECT v, lag(v) OVER () AS w FROM (SELECT TRY_CAST(${value} AS DOUBLE) AS v FROM ${relation.from}))`,
  );
  return { falls: Number(row![0]), ties: Number(row![1]) };
}

/** The first text that does not cast, with its 0-based row. */
export async function firstMisfit(
  relation: Relation,
  { physical }: StoredColumn,
  cast: string,
): Promise<{ value: string; row: number } | undefined> {
  const [found] = await relation.database.rows(
    `SELECT CAST(${physical} AS VARCHAR), CAST(${rowNumber} AS DOUBLE) FROM ${numberedRows(relation)} ` +
      `WHERE ${physical} IS NOT NULL AND (${cast}) IS NULL LIMIT 1`,
  );
  return found === undefined ? undefined : { value: String(found[0]), row: Number(found[1]) };
}

/** Quantiles of the finite values of columns, at `quantileLevels`. */
export async function readQuantiles(
  relation: Relation,
  rows: number,
  facts: readonly ColumnFacts[],
): Promise<readonly (readonly number[])[]> {
  const expressions = facts.map(({ column }) =>
    numberExpression(columnNamed(relation, column.name)),
  );
  if (rows <= mostQuantileRows || expressions.length === 0) {
    return quantilesOf(relation, expressions);
  }
  const chosen = chooseRows(rows, mostQuantileRows, new RandomStream(0, 'quantiles'));
  return withNumbers(relation, chosen, (numbers) =>
    quantilesOf({ ...relation, from: chosenRows(relation, numbers) }, expressions),
  );
}

async function quantilesOf(
  relation: Relation,
  expressions: readonly string[],
): Promise<readonly (readonly number[])[]> {
  const levels = `[${quantileLevels.join(', ')}]`;
  const all: number[][] = [];
  for (let start = 0; start < expressions.length; start += columnsPerQuery) {
    const selected = expressions
      .slice(start, start + columnsPerQuery)
      .map(
        (value) =>
          `CAST(to_json(quantile_cont(CASE WHEN isfinite(${value}) THEN ${value} END, ${levels})) AS VARCHAR)`,
      );
    const [row] = await relation.database.rows(
      `SELECT ${selected.join(', ')} FROM ${relation.from}`,
    );
    for (const text of row!) all.push(JSON.parse(String(text ?? '[]')) as number[]);
  }
  return all;
}

/** Shares of the values of a part of a timestamp. */
export async function tallyCycle(
  relation: Relation,
  facts: ColumnFacts,
  part: CyclicPart,
): Promise<readonly number[]> {
  const rows = await relation.database.rows(
    `SELECT ${cyclicExpression(part, timestampExpression(columnNamed(relation, facts.column.name)))} AS value, count(*) FROM ${relation.from} GROUP BY value`,
  );
  const counts = Array.from({ length: cyclicPeriods[part] }, () => 0);
  let total = 0;
  for (const [value, count] of rows) {
    if (value === null) continue;
    counts[Number(value)] = Number(count);
    total += Number(count);
  }
  return counts.map((count) => (total === 0 ? 0 : count / total));
}
