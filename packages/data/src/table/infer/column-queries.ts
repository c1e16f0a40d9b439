import type { CyclicPart } from '../schema.ts';
import type { ColumnFacts } from './column-facts.ts';

/** A value and the rows that hold it. */
export type Count = readonly [value: string, count: number];

/** By falling frequency, then by name. */
export function byFrequency([a, countA]: Count, [b, countB]: Count): number {
  return countB - countA || (a < b ? -1 : a > b ? 1 : 0);
}

/** Quantiles are those of so many rows chosen at random, where there are more. */
export const mostQuantileRows = 262_144;

/** What inference asks of the columns of a table: by SQL of files, by JavaScript of records. */
export interface ColumnQueries {
  readonly columns: readonly { readonly name: string; readonly storageType: string }[];
  readonly missingValues: readonly string[];
  /** What one scan tells of columns, by their names. */
  facts(names: readonly string[]): Promise<ColumnFacts[]>;
  /** All different values of columns that have few, by falling frequency. */
  tallyValues(facts: readonly ColumnFacts[]): Promise<ReadonlyMap<string, readonly Count[]>>;
  /** The most frequent values of a column that has many. */
  topValues(facts: ColumnFacts, limit: number): Promise<readonly Count[]>;
  /** How a column goes on from row to row: rows below and rows equal to the one before. */
  countSteps(facts: ColumnFacts): Promise<{ readonly falls: number; readonly ties: number }>;
  /** The first value that is none of these, with its 0-based row. */
  firstMisfit(
    facts: ColumnFacts,
    expected: 'number' | 'timestamp',
  ): Promise<{ readonly value: string; readonly row: number } | undefined>;
  /** Quantiles of the finite values of columns, at `quantileLevels`; none where there is no value. */
  quantiles(facts: readonly ColumnFacts[]): Promise<readonly (readonly number[])[]>;
  /** Shares of the values of a part of a timestamp. */
  tallyCycle(facts: ColumnFacts, part: CyclicPart): Promise<readonly number[]>;
}
