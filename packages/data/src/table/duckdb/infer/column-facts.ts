import {
  numberExpression,
  numberTextExpression,
  textExpression,
  timestampExpression,
  type StoredColumn,
} from '../encode-in-sql.ts';
import { columnNamed, type Relation } from '../relation.ts';
import { storageClass } from '../../storage.ts';
import { allNumbers, type ColumnFacts } from '../../infer/column-facts.ts';

/** Planning time grows with the square of the columns in one query. */
const columnsPerQuery = 40;
/** Above this many cells, different values are counted approximately. */
const mostExactCells = 5_000_000;
/** Squares of larger numbers overflow; they are left out of the mean and the deviation. */
const largestSquarable = '1e150';

/** Statistics of every column, in as few scans as there are groups of 40 columns. */
export async function readColumnFacts(relation: Relation, rows: number): Promise<ColumnFacts[]> {
  const { database, columns, from } = relation;
  const exact = rows * columns.length <= mostExactCells;
  const facts: ColumnFacts[] = [];
  for (let start = 0; start < columns.length; start += columnsPerQuery) {
    const group = columns.slice(start, start + columnsPerQuery);
    const inner = group.map((column, index) => innerValues(column, index)).join(', ');
    // Values are set aside here and not by FILTER in the aggregates, which is ten times slower.
    const derived = ['1', ...group.flatMap((column, index) => derivedValues(column, index))];
    const outer = group.map((column, index) => aggregates(column, index, exact)).join(', ');
    const [row] = await database.rows(
      `SELECT ${outer} FROM (SELECT *, ${derived.join(', ')} FROM (SELECT ${inner} FROM ${from}))`,
    );
    group.forEach((column, index) => {
      facts.push(factsOf(column, rows, exact, row!.slice(index * 15, index * 15 + 15)));
    });
  }
  return facts;
}

/** The value as text, number and timestamp, where the storage allows it. */
function innerValues(column: StoredColumn, index: number): string {
  const number = numberExpression(column);
  const timestamp = timestampExpression(column);
  switch (storageClass(column.storageType)) {
    case 'number':
      return `${number} AS d${index}`;
    case 'boolean':
      return `${textExpression(column)} AS t${index}`;
    case 'text':
      // A failed cast is slow, so numbers are not tried as timestamps.
      return (
        `CAST(${column.physical} AS VARCHAR) AS t${index}, ${number} AS d${index}, ` +
        `CASE WHEN ${number} IS NULL THEN ${timestamp} END AS s${index}`
      );
    case 'timestamp':
      return `${timestamp} AS s${index}`;
    case 'other':
      return `${column.physical} AS o${index}`;
  }
}

/** The finite number, and the number small enough to be squared. */
function derivedValues(column: StoredColumn, index: number): string[] {
  const kind = storageClass(column.storageType);
  if (kind !== 'number' && kind !== 'text') return [];
  const number = `d${index}`;
  return [
    `CASE WHEN isfinite(${number}) THEN ${number} END AS f${index}`,
    `CASE WHEN abs(${number}) <= ${largestSquarable} THEN ${number} END AS q${index}`,
  ];
}

function aggregates(column: StoredColumn, index: number, exact: boolean): string {
  const kind = storageClass(column.storageType);
  const [text, number, time] = [`t${index}`, `d${index}`, `s${index}`];
  const hasText = kind === 'text' || kind === 'boolean';
  const hasNumber = kind === 'text' || kind === 'number';
  const hasTime = kind === 'text' || kind === 'timestamp';
  const value = hasText ? text : hasNumber ? number : hasTime ? time : `o${index}`;
  const [finite, squarable] = [`f${index}`, `q${index}`];
  const distinct =
    kind === 'other' ? '0' : exact ? `count(DISTINCT ${value})` : `approx_count_distinct(${value})`;
  const pick = (condition: boolean, ...expressions: readonly string[]): string[] =>
    expressions.map((expression) => (condition ? expression : 'NULL'));
  return [
    `count(${value})`,
    distinct,
    ...pick(
      hasNumber,
      `count(${number})`,
      `count(${number}) - count(${finite})`,
      `bool_and(${finite} = trunc(${finite}))`,
      `min(${finite})`,
      `max(${finite})`,
      `avg(${squarable})`,
      `stddev_pop(${squarable})`,
    ),
    ...pick(
      kind === 'text',
      `bool_or(${text} LIKE '0_%' AND ${text} NOT LIKE '0.%' AND ${text} NOT ILIKE '0e%')`,
    ),
    ...pick(
      hasTime,
      `count(${time})`,
      `CAST(epoch(min(${time})) AS DOUBLE)`,
      `CAST(epoch(max(${time})) AS DOUBLE)`,
    ),
    ...pick(hasText, `min(${text})`, `max(${text})`),
  ].join(', ');
}

function factsOf(
  column: StoredColumn,
  rows: number,
  exact: boolean,
  row: readonly unknown[],
): ColumnFacts {
  const [present, distinct, numbers, infinite, integer, minimum, maximum] = row;
  const [mean, deviation, zeros, timestamps, first, last, least, greatest] = row.slice(7);
  return {
    column: { name: column.name, storageType: column.storageType },
    storage: storageClass(column.storageType),
    rows,
    present: Number(present),
    distinct: Math.min(Number(distinct), Number(present)),
    exact,
    numbers: Number(numbers ?? 0),
    infinite: Number(infinite ?? 0),
    integer: integer === true,
    minimum: Number(minimum ?? 0),
    maximum: Number(maximum ?? 0),
    mean: Number(mean ?? minimum ?? 0),
    deviation: Number(deviation ?? 0),
    leadingZeros: zeros === true,
    timestamps: Number(timestamps ?? 0),
    days: (Number(last ?? 0) - Number(first ?? 0)) / 86_400,
    constantText: typeof least === 'string' && least === greatest ? least : undefined,
  };
}

/** The text by which the column's categories are told apart: `1`, `1.0` and `"1"` are one. */
export function categoryText(relation: Relation, facts: ColumnFacts): string {
  const column = columnNamed(relation, facts.column.name);
  if (facts.storage === 'text' && allNumbers(facts)) {
    return numberTextExpression(numberExpression(column));
  }
  return textExpression(column);
}
