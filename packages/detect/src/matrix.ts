/** A dense numeric matrix, row-major: the value of row `i`, column `j` is `data[i * columns + j]`. */
export interface Matrix {
  /** [rows, columns], row after row; NaN is a missing value. */
  readonly data: Float32Array;
  /** How many rows there are. */
  readonly rows: number;
  /** How many numbers a row has. */
  readonly columns: number;
}
