import { dataError } from '../../data-error.ts';
import type { CyclicPart, Field } from '../schema.ts';
import { doubleLiteral, literals } from '../../duckdb/sql.ts';
import { storageClass } from '../storage.ts';
import { matchingOf, truthWords } from '../vocabulary.ts';
import { mostMicros } from '../timestamp-notation.ts';

/** A column as SQL sees it. */
export interface StoredColumn {
  readonly name: string;
  readonly storageType: string;
  /** Its value in a row of the relation, as an SQL expression. */
  readonly physical: string;
}

const mostComparisons = 4;
const notANumber = "'NaN'::DOUBLE";

/** The value as DOUBLE; NULL where missing or not a number. */
export function numberExpression({ physical, storageType }: StoredColumn): string {
  switch (storageClass(storageType)) {
    case 'number':
      // The engine's own cast of these is off by a bit.
      return /HUGEINT/.test(storageType)
        ? `CAST(CAST(${physical} AS VARCHAR) AS DOUBLE)`
        : `CAST(${physical} AS DOUBLE)`;
    case 'boolean':
      return `CAST(${physical} AS DOUBLE)`;
    case 'text':
      return `TRY_CAST(CAST(${physical} AS VARCHAR) AS DOUBLE)`;
    case 'timestamp':
      return `CAST(epoch(${timestampCast(physical)}) AS DOUBLE)`;
    case 'other':
      return 'NULL::DOUBLE';
  }
}

/** The value as text; whole numbers without a fraction, so that 1, 1.0 and '1' of any file agree. */
export function textExpression({ physical, storageType }: StoredColumn): string {
  if (storageClass(storageType) !== 'number') return `CAST(${physical} AS VARCHAR)`;
  return /INT/.test(storageType)
    ? `CAST(${physical} AS VARCHAR)`
    : numberTextExpression(`CAST(${physical} AS DOUBLE)`);
}

/**
 * The value as TIMESTAMP; NULL where missing or not one. A time with an offset keeps its local
 * time of day as text and becomes UTC as a typed column; numbers of columns are Unix time.
 */
export function timestampExpression(column: StoredColumn): string {
  const { physical, storageType } = column;
  switch (storageClass(storageType)) {
    case 'timestamp':
      return timestampCast(physical);
    case 'text':
      return timestampCast(`CAST(${physical} AS VARCHAR)`);
    case 'number':
      return unixTime(numberExpression(column));
    case 'boolean':
    case 'other':
      return 'NULL::TIMESTAMP';
  }
}

/** The same for a column that is known to hold times: of text, numbers are Unix time, too. */
export function momentExpression(column: StoredColumn): string {
  const timestamp = timestampExpression(column);
  return storageClass(column.storageType) === 'text'
    ? `coalesce(${timestamp}, ${unixTime(numberExpression(column))})`
    : timestamp;
}

/** Seconds, milliseconds, microseconds or nanoseconds from 1970, told apart by their size. */
function unixTime(number: string): string {
  const microseconds =
    `(CASE WHEN abs(${number}) < 1e11 THEN ${number} * 1e6 WHEN abs(${number}) < 1e14 ` +
    `THEN ${number} * 1e3 WHEN abs(${number}) < 1e17 THEN ${number} ELSE ${number} / 1e3 END)`;
  // Beyond there is no moment, and the engine refuses some with an error.
  return `make_timestamp(CASE WHEN abs(${microseconds}) < ${mostMicros} THEN CAST(${microseconds} AS BIGINT) END)`;
}

/** A part of a timestamp as a whole number from 0. */
export function cyclicExpression(part: CyclicPart, timestamp: string): string {
  switch (part) {
    case 'hour':
      return `hour(${timestamp})`;
    case 'weekday':
      return `(isodow(${timestamp}) - 1)`;
    case 'month':
      return `(month(${timestamp}) - 1)`;
  }
}

/** The encoded field as DOUBLE: never NULL, NaN where missing, `categories.length` where unseen. */
export function fieldExpression(field: Field, column: StoredColumn): string {
  switch (field.kind) {
    case 'numeric':
    case 'count':
      return `coalesce(${numberExpression(column)}, ${notANumber})`;
    case 'binary':
    case 'categorical':
      return categoryExpression(field.categories, column);
    case 'cyclic': {
      const part = cyclicExpression(field.part, momentExpression(column));
      return `coalesce(CAST(${part} AS DOUBLE), ${notANumber})`;
    }
  }
}

function categoryExpression(categories: readonly string[], column: StoredColumn): string {
  const unseen = doubleLiteral(categories.length);
  const kind = storageClass(column.storageType);
  if (kind === 'other') {
    throw dataError(
      'data/retyped-column',
      `expected single values in column "${column.name}", but it holds ${column.storageType}`,
      { help: 'Store one value a cell.', details: { column: column.name } },
    );
  }
  const missing = `${column.physical} IS NULL`;
  if (categories.length === 0) return `CASE WHEN ${missing} THEN ${notANumber} ELSE ${unseen} END`;
  const matching = matchingOf(categories);
  const isNumber = matching === 'number' && kind !== 'timestamp';
  if (isNumber && categories.length <= mostComparisons) {
    const cases = categories.map(
      (text, index) => `WHEN ${doubleLiteral(Number(text))} THEN ${index}`,
    );
    const number = numberExpression(column);
    return `CASE WHEN ${missing} THEN ${notANumber} ELSE (CASE ${number} ${cases.join(' ')} ELSE ${unseen} END)::DOUBLE END`;
  }
  const text = textExpression(column);
  if (matching === 'truth') {
    const cases = categories.map((category, index) => {
      const words = truthWords[category.toLowerCase() as 'false' | 'true'];
      return `WHEN list_contains([${literals(words)}], lower(${text})) THEN ${index}`;
    });
    return `CASE WHEN ${missing} THEN ${notANumber} ELSE (CASE ${cases.join(' ')} ELSE ${unseen} END)::DOUBLE END`;
  }
  const canonical = isNumber
    ? `coalesce(${numberTextExpression(numberExpression(column))}, ${text})`
    : text;
  // An ENUM takes nothing but plain literals.
  const code = categories.some((category) => category.includes('\0'))
    ? `list_position([${literals(categories)}], ${canonical}) - 1`
    : `enum_code(TRY_CAST(${canonical} AS ENUM(${literals(categories)})))`;
  return `CASE WHEN ${missing} THEN ${notANumber} ELSE coalesce(CAST(${code} AS DOUBLE), ${unseen}) END`;
}

/** A DOUBLE as text, whole numbers without a fraction. */
export function numberTextExpression(number: string): string {
  return (
    `CASE WHEN abs(${number}) < 1e15 AND ${number} = trunc(${number}) ` +
    `THEN CAST(CAST(${number} AS BIGINT) AS VARCHAR) ELSE CAST(${number} AS VARCHAR) END`
  );
}

function timestampCast(physical: string): string {
  return `TRY_CAST(${physical} AS TIMESTAMP)`;
}
