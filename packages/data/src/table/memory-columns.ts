import type { DataRecord } from './encode.ts';
import { missingWords, presentValue, valueOf } from './encode.ts';
import { parseNumber } from './number-notation.ts';

/** A column of values in memory; undefined where there is none. */
export interface MemoryColumn {
  readonly name: string;
  /** As the engine would store it. */
  readonly storageType: 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR' | 'JSON';
  /** Numbers, bigints, truth values or texts, all of one type; of JSON, lists and objects. */
  readonly values: readonly unknown[];
}

/** The columns of records, in the order in which their keys first appear. */
export function columnsOfRecords(
  records: readonly DataRecord[],
  missingValues: readonly string[],
): MemoryColumn[] {
  const missing = missingWords(missingValues);
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record)) names.add(name);
  return [...names].map((name) => {
    const values = records.map((record) => presentValue(valueOf(record, name), missing));
    return typedColumn(name, values);
  });
}

/** The columns of texts: numbers where all values are, but for codes with leading zeros. */
export function columnsOfTexts(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  missingValues: readonly string[],
): MemoryColumn[] {
  const missing = missingWords(missingValues);
  return names.map((name, index) => {
    const texts = rows.map((row) => presentValue(row[index], missing) as string | undefined);
    const present = texts.filter((text) => text !== undefined);
    const numbers = texts.map((text) => (text === undefined ? undefined : parseNumber(text)));
    const isNumber =
      present.length > 0 &&
      numbers.every((number, row) => number !== undefined || texts[row] === undefined) &&
      !present.some(hasLeadingZeros);
    if (!isNumber) return { name, storageType: 'VARCHAR', values: texts };
    const isWhole = numbers.every((number) => number === undefined || Number.isInteger(number));
    const isPlain = present.every((text) => /^\s*[+-]?[0-9_]+\s*$/.test(text));
    const isLarge = numbers.some((number) => number !== undefined && Math.abs(number) >= 2 ** 53);
    // Whole numbers that a double would change are names.
    if (isWhole && isLarge && numbers.every((number) => number === undefined || isFinite(number))) {
      return { name, storageType: 'VARCHAR', values: texts };
    }
    const values = numbers.map((number) => (Number.isNaN(number) ? undefined : number));
    return { name, storageType: isWhole && isPlain ? 'BIGINT' : 'DOUBLE', values };
  });
}

/** Whether a number in text is a code. */
export function hasLeadingZeros(text: string): boolean {
  return /^0[^.eE]/.test(text);
}

function typedColumn(name: string, values: readonly unknown[]): MemoryColumn {
  const types = new Set<string>();
  for (const value of values) if (value !== undefined) types.add(typeof value);
  if (types.size === 0 || (types.size === 1 && types.has('string'))) {
    return { name, storageType: 'VARCHAR', values };
  }
  if (types.size === 1 && types.has('boolean')) return { name, storageType: 'BOOLEAN', values };
  if (types.has('object') || types.has('function') || types.has('symbol')) {
    return { name, storageType: 'JSON', values };
  }
  if (types.has('string') || types.has('boolean')) {
    return { name, storageType: 'VARCHAR', values: values.map(textOfMixed) };
  }
  if (isStoredWhole(values))
    return { name, storageType: 'BIGINT', values: values.map(withoutSign) };
  const numbers = values.map((value) => (value === undefined ? undefined : Number(value)));
  return { name, storageType: 'DOUBLE', values: numbers.map(withoutSign) };
}

/** JSON has one zero. */
function withoutSign(value: unknown): unknown {
  return value === 0 ? 0 : value;
}

/** Whether the engine stores numbers of JSON as whole ones: it does not where signs are mixed. */
function isStoredWhole(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== undefined) as (number | bigint)[];
  const isWhole = present.every((value) =>
    typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value),
  );
  return isWhole && (present.every((value) => value >= 0) || present.every((value) => value < 0));
}

/** Values of several types are read as text, as in a file. */
function textOfMixed(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
