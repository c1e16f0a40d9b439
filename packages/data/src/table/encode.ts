/**
 * What the values of a record become: the only place beside `expression.ts`, which says the same to the engine.
 * Types come from the schema and never from the value: 1, '1' and '1.0' are one number, and one category.
 *
 * - `numeric`, `count`: the number; true is 1; text in `numberNotation`; ±`Number.MAX_VALUE` where infinite.
 * - `binary`, `categorical`: the index of the category, by `matchingOf`; `categories.length` where unseen.
 * - `cyclic`: the part of the moment, from 0; text in `timestampNotation`, numbers are Unix time.
 * - null, undefined, NaN, and the words of the schema for missing values: NaN.
 *
 * `conformance/encoding.json` holds values with their numbers, for other languages.
 */
import { dataError } from '../data-error.ts';
import type { CategoryField, Field, Schema } from './schema.ts';
import { defaultMissingValues } from './missing-values.ts';
import { retyped } from './retyped.ts';
import { numberText, parseNumber } from './number-notation.ts';
import { cyclicPart, parseTimestamp, timestampOfNumber } from './timestamp-notation.ts';
import type { Timestamp } from './timestamp-notation.ts';
import { matchingOf, truthWords } from './vocabulary.ts';

/** A row as a plain object: numbers, bigints, booleans, texts, dates; null where missing. */
export type DataRecord = Readonly<Record<string, unknown>>;

/** Makes rows of numbers of records, without a file or an engine. */
export interface RecordEncoder {
  /** Numbers of one row, one for each field of the schema. */
  readonly width: number;
  /**
   * Writes the numbers of a record into `row` from `offset`, as `Batch.data` has them.
   *
   * @param number What number the record has, for the error.
   * @throws UnlikelyError `data/missing-column` for a record without a key whose column always had a value
   *   (null says that there is none), `data/retyped-column` for a value that the column cannot hold.
   */
  encode(record: DataRecord, row: Float64Array, offset?: number, number?: number): void;
}

/** The number of a value that is present; undefined where the field cannot hold it. */
type Encode = (value: unknown) => number | undefined;

/** The encoder of a schema. */
export function recordEncoder(schema: Schema): RecordEncoder {
  const missing = missingWords(schema.missingValues);
  const fields = schema.fields.map((field) => ({ field, encode: fieldEncoder(field) }));
  const width = fields.length;
  return {
    width,
    encode(record, row, offset = 0, number = 0): void {
      for (let index = 0; index < width; index++) {
        const { field, encode } = fields[index]!;
        const value = valueOf(record, field.column);
        if (value === undefined && field.missing === 0) throw absent(record, field.column, number);
        const present = presentValue(value, missing);
        const encoded = present === undefined ? NaN : encode(present);
        if (encoded === undefined) throw misfit(field, value, number);
        row[offset + index] = encoded;
      }
    },
  };
}

/** A text is missing where it is one of these words, but for blanks around it. */
export function missingWords(words: readonly string[] = defaultMissingValues): ReadonlySet<string> {
  return new Set(words);
}

/** A key of the record; what all objects have is none. */
export function valueOf(record: DataRecord, column: string): unknown {
  const value = record[column];
  return typeof value === 'function' && !Object.hasOwn(record, column) ? undefined : value;
}

/** The value, undefined where it is missing; a date is its text in ISO 8601. */
export function presentValue(value: unknown, missing: ReadonlySet<string>): unknown {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value !== 'string') return value;
  return missing.has(value) || missing.has(withoutBlanks(value)) ? undefined : value;
}

/** How a field reads values that are present. */
export function fieldEncoder(field: Field): Encode {
  switch (field.kind) {
    case 'numeric':
    case 'count':
      return (value) => finite(numberOf(value));
    case 'binary':
    case 'categorical':
      return categoryEncoder(field);
    case 'cyclic': {
      const { part } = field;
      return (value) => {
        const moment = momentOf(value);
        return moment === undefined ? undefined : cyclicPart(part, moment);
      };
    }
  }
}

/** The moment that a value stands for; undefined where it is none. */
function momentOf(value: unknown): Timestamp | undefined {
  const timestamp = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (timestamp !== undefined || typeof value === 'boolean') return timestamp;
  const number = numberOf(value);
  return number === undefined ? undefined : timestampOfNumber(number);
}

/** The number that a value stands for; undefined where it is none. */
export function numberOf(value: unknown): number | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
    case 'boolean':
      return Number(value);
    case 'string':
      return parseNumber(value);
    default:
      return undefined;
  }
}

/** The text of a value, by which categories are told apart; undefined for lists and objects. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return numberText(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'string':
      return value;
    default:
      return undefined;
  }
}

function categoryEncoder({ categories }: CategoryField): Encode {
  const unseen = categories.length;
  const matching = matchingOf(categories);
  if (matching === 'number') {
    const indices = new Map(categories.map((category, index) => [Number(category), index]));
    return (value) => {
      const number = numberOf(value);
      if (number !== undefined) return indices.get(number) ?? unseen;
      return textOf(value) === undefined ? undefined : unseen;
    };
  }
  const indices = new Map(categories.map((category, index) => [category, index]));
  if (matching === 'truth') {
    const word = (text: string): 'false' | 'true' | undefined =>
      truthWords.true.includes(text)
        ? 'true'
        : truthWords.false.includes(text)
          ? 'false'
          : undefined;
    const ofWord = new Map(
      categories.map((category, index) => [word(category.toLowerCase()), index]),
    );
    return (value) => {
      const text = textOf(value);
      return text === undefined ? undefined : (ofWord.get(word(text.toLowerCase())) ?? unseen);
    };
  }
  return (value) => {
    const text = textOf(value);
    return text === undefined ? undefined : (indices.get(text) ?? unseen);
  };
}

/** Infinity is neither missing nor a number to calculate with; the model clamps far-out values. */
function finite(value: number | undefined): number | undefined {
  if (value === Infinity) return Number.MAX_VALUE;
  return value === -Infinity ? -Number.MAX_VALUE : value;
}

function withoutBlanks(text: string): string {
  return /^\p{Zs}|\p{Zs}$/u.test(text) ? text.replaceAll(/^\p{Zs}+|\p{Zs}+$/gu, '') : text;
}

function absent(record: DataRecord, column: string, row: number): Error {
  const keys = Object.keys(record).slice(0, 30).join(', ');
  return dataError(
    'data/missing-column',
    `expected the key "${column}", but record ${row} has ${keys === '' ? 'none' : keys}`,
    {
      help: 'Check the spelling; null says that there is no value.',
      details: { columns: [column], row },
    },
  );
}

function misfit(field: Field, value: unknown, row: number): Error {
  return retyped(field, `${shown(value)} in row ${row}`, { value, row });
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value !== 'object' && typeof value !== 'function') return String(value);
  return Array.isArray(value)
    ? 'a list'
    : `an ${typeof value === 'object' ? 'object' : 'function'}`;
}
