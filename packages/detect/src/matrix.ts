/** A dense numeric matrix, row-major: the value of row `i`, column `j` is `data[i * columns + j]`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}
