/** How a column is modelled. */
export type ColumnKind = 'numeric' | 'binary' | 'categorical' | 'count' | 'timestamp' | 'ignored';

/** What inference decided for one column of the table, and why (shown to the user). */
export interface Column {
  /** As the table has it. */
  readonly name: string;
  /** The type of the stored values, in the engine's words: `BIGINT`, `DOUBLE`, `VARCHAR`, …. */
  readonly storageType: string;
  /** How its values are taken. */
  readonly kind: ColumnKind;
  /** One sentence with the figures that led to the kind. */
  readonly reason: string;
  /** Share of rows without a value, 0 to 1. */
  readonly missing: number;
  /** Number of different values; within some 15 % where the table is large. */
  readonly distinct: number;
}

/** Statistics of a number, over the finite values of the column. */
export interface NumberStatistics {
  readonly name: string;
  readonly column: string;
  readonly mean: number;
  /** Population standard deviation; 0 for a constant. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Quantiles at `quantileLevels`; of 262,144 rows chosen at random where there are more. */
  readonly quantiles: readonly number[];
  /** Whether every value is a whole number. */
  readonly integer: boolean;
  readonly missing: number;
}

export interface NumericField extends NumberStatistics {
  readonly kind: 'numeric';
}

export interface CountField extends NumberStatistics {
  readonly kind: 'count';
}

/** A field of which each row holds one category; the index `categories.length` is "unseen". */
export interface CategoryField {
  readonly kind: 'binary' | 'categorical';
  readonly name: string;
  readonly column: string;
  /** As text, by falling frequency, then by name. */
  readonly categories: readonly string[];
  /** Shares of the rows that hold a value; what is missing to 1 are the rare values. */
  readonly frequencies: readonly number[];
  readonly missing: number;
}

export type CyclicPart = 'hour' | 'weekday' | 'month';

/** A part of a timestamp: hour 0–23, weekday 0–6 from Monday, month 0–11 from January. */
export interface CyclicField {
  readonly kind: 'cyclic';
  readonly name: string;
  readonly column: string;
  readonly part: CyclicPart;
  readonly period: number;
  /** Shares of the rows that hold a value, for 0 … period − 1. */
  readonly frequencies: readonly number[];
  readonly missing: number;
}

/** One field is one number the model sees in the encoded row. */
export type Field = NumericField | CountField | CategoryField | CyclicField;

/** What the columns of a table are, and what of them the model sees. */
export interface Schema {
  /** Every column, also those that are ignored. */
  readonly columns: readonly Column[];
  /** The numbers of an encoded row, in their order. */
  readonly fields: readonly Field[];
  /** Rows it was inferred on. */
  readonly rows: number;
  /** Texts that stand for "no value" in records. Default: `defaultMissingValues`. */
  readonly missingValues?: readonly string[];
}

/** The levels of `NumericField.quantiles`. */
export const quantileLevels: readonly number[] = [
  0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1,
];

/** The period of each part of a timestamp. */
export const cyclicPeriods: Readonly<Record<CyclicPart, number>> = {
  hour: 24,
  weekday: 7,
  month: 12,
};
