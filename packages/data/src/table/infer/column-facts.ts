import type { StorageClass } from '../storage.ts';

/** What one scan tells about a column. Numbers of text columns are those that it casts to. */
export interface ColumnFacts {
  readonly column: { readonly name: string; readonly storageType: string };
  readonly storage: StorageClass;
  readonly rows: number;
  /** Rows that hold a value. */
  readonly present: number;
  /** Different values; exact where `exact`. */
  readonly distinct: number;
  readonly exact: boolean;
  /** Values that are numbers, and how many of those are infinite. */
  readonly numbers: number;
  readonly infinite: number;
  readonly integer: boolean;
  /** Of the finite numbers; 0 where there are none. */
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  /** Whether some text is a number with leading zeros, which is a code. */
  readonly leadingZeros: boolean;
  /** Values that are timestamps, and the days between the first and the last. */
  readonly timestamps: number;
  readonly days: number;
  /** The least and the greatest text, by which a constant is known. */
  readonly constantText: string | undefined;
}

/** Whether every value is a number, and none a code with leading zeros. */
export function allNumbers(facts: ColumnFacts): boolean {
  return facts.present > 0 && facts.numbers === facts.present && !facts.leadingZeros;
}

/** Whether every value is a timestamp. */
export function allTimestamps(facts: ColumnFacts): boolean {
  return facts.present > 0 && facts.timestamps === facts.present;
}
