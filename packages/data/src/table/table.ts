import type { ColumnKind, Schema } from './schema.ts';

/** Encoded rows: row-major `[rows, fields]`. Each batch owns its buffers. */
export interface Batch {
  readonly rows: number;
  /**
   * Numbers as they are, NaN where missing, ±`Number.MAX_VALUE` where infinite; the index of the
   * category, `categories.length` where unseen; the part of a timestamp from 0.
   */
  readonly data: Float64Array;
  /** 0-based number of the first row in the table. */
  readonly firstRow: number;
  /** Cells per field whose category the schema has not seen. */
  readonly unseen: Int32Array;
  /** The text of the label column, null where missing; when asked for. */
  readonly labels?: readonly (string | null)[];
}

export interface BatchOptions {
  /** Rows in every batch but the last. Default: 4096. */
  readonly batchRows?: number;
  /** A column whose text is given as `batch.labels`. */
  readonly labels?: string;
  /** Aborting ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface SampleOptions {
  /** A column whose text is given as `labels`. */
  readonly labels?: string;
  readonly signal?: AbortSignal;
}

export interface Sample {
  readonly data: Float64Array;
  readonly rows: number;
  /** 0-based numbers of the rows in the table, ascending. */
  readonly rowNumbers: Float64Array;
  readonly labels?: readonly (string | null)[];
}

export interface InferenceOptions {
  /** Columns that are not features. */
  readonly ignore?: readonly string[];
  /** Kinds that the caller knows better. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
  /**
   * Most categories of a column. Default: 100, which holds the 70 network services of KDD or the
   * states of a country, while one column stays a small part of the network's input.
   */
  readonly maximumCategories?: number;
}

export interface RowFilter {
  readonly column: string;
  /** Keeps the rows whose text is one of these. */
  readonly in?: readonly string[];
  /** Keeps the rows whose text is none of these, and those without a value. */
  readonly notIn?: readonly string[];
  /** Keeps the rows whose number stands in this relation to another; without a number none. */
  readonly compare?: { readonly operator: Comparison; readonly value: number };
}

export type Comparison = '<' | '<=' | '>' | '>=';

/** Rows in files, read out of core. Row numbers count the rows of this table or view from 0. */
export interface Table extends AsyncDisposable {
  /** Every column with the type of its stored values, in the words of the engine. */
  readonly columns: readonly { readonly name: string; readonly storageType: string }[];
  /** Rows of the table or view. */
  rowCount(): Promise<number>;
  /** Distinct values of a column as text with their counts, most frequent first. Default limit: 1000. */
  values(
    column: string,
    limit?: number,
  ): Promise<readonly { readonly value: string | null; readonly count: number }[]>;
  /** A lazy view of some rows. It shares the table's resources; disposing it does nothing. */
  where(filter: RowFilter): Table;
  /**
   * Views of ten evenly spread blocks, which hold a share of the rows, and of all other rows.
   *
   * @param each Only rows that it keeps are shared out, however the table is sorted; all others are of the test.
   */
  split(
    testShare: number,
    each?: RowFilter,
  ): Promise<{ readonly training: Table; readonly test: Table }>;
  /** Decides a kind for every column and gathers its statistics; the same rows give the same bits. */
  inferSchema(options?: InferenceOptions): Promise<Schema>;
  /**
   * Checks the table against a schema before scoring. Throws `data/missing-column` or
   * `data/retyped-column` (with the first value that does not fit, and its row); columns that the
   * schema does not know are returned, and do no harm.
   */
  match(schema: Schema): Promise<{ readonly extra: readonly string[] }>;
  /** Encoded rows in file order. Text that should be a number counts as missing: see `match`. */
  batches(schema: Schema, options?: BatchOptions): AsyncIterable<Batch>;
  /** `count` rows uniformly without replacement (all where fewer), by the seed, in file order. */
  sample(schema: Schema, count: number, seed: number, options?: SampleOptions): Promise<Sample>;
  /** The stored values of rows, as JSON-ready records, in the order asked for. Default: all columns. */
  records(
    rowNumbers: readonly number[],
    columns?: readonly string[],
  ): Promise<readonly Record<string, unknown>[]>;
  /** Closes the table and removes its temporary files. */
  [Symbol.asyncDispose](): Promise<void>;
}
