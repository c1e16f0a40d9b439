import { dataError } from '../../../data-error.ts';
import { chosenRows, columnNamed, rowNumber, type Relation } from '../relation.ts';
import { storageClass } from '../../storage.ts';
import { withNumbers } from './sample.ts';

/** The stored values of rows as JSON-ready records, in the order of `rowNumbers`. */
export async function readRecords(
  relation: Relation,
  rowNumbers: readonly number[],
  names: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  const columns = names.map((name) => columnNamed(relation, name));
  const unique = Float64Array.from(new Set(rowNumbers)).sort();
  // Numbers come as such, everything else as the engine's text, which is ISO 8601 for times.
  const selected = columns.map(({ physical, storageType }) => {
    const kind = storageClass(storageType);
    if (kind === 'number') return numberValue(physical, storageType);
    return kind === 'boolean' ? physical : `CAST(${physical} AS VARCHAR)`;
  });
  const rows = await withNumbers(relation, unique, (numbers) =>
    relation.database.rows(
      `SELECT CAST(${rowNumber} AS DOUBLE), ${['1', ...selected].join(', ')} FROM ${chosenRows(relation, numbers)}`,
    ),
  );
  const found = new Map(rows.map(([number, , ...values]) => [Number(number), values]));
  return rowNumbers.map((number) => {
    const values = found.get(number);
    if (values === undefined) {
      throw dataError(
        'data/row-out-of-range',
        `expected rows of the table, but it has no row ${number}`,
        {
          help: 'Rows are numbered from 0 in file order.',
          details: { row: number },
        },
      );
    }
    return Object.fromEntries(columns.map(({ name }, index) => [name, jsonValue(values[index])]));
  });
}

/** Whole numbers as they are; others as DOUBLE, a FLOAT through its shortest text: 0.1 stays 0.1. */
function numberValue(physical: string, storageType: string): string {
  if (/INT/.test(storageType)) return physical;
  const value = storageType === 'FLOAT' ? `CAST(${physical} AS VARCHAR)` : physical;
  return `CAST(${value} AS DOUBLE)`;
}

/** JSON holds whole numbers to 2^53; larger ones become text. */
function jsonValue(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
