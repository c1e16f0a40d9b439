/** Rows that a model made, in encoded form: numbers, indices of categories, parts of timestamps. */
export interface RowBatch {
  /** 0-based number of the first row. */
  readonly firstRow: number;
  readonly rows: number;
  /** [rows, fields]. */
  readonly data: Float64Array;
}
