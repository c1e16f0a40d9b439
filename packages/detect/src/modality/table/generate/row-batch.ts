import type { Matrix } from '../../../matrix.ts';
import type { DenoisedRows } from './denoise-rows.ts';

/** Rows that a model made, in encoded form: numbers, indices of categories, parts of timestamps. */
export interface RowBatch {
  /** 0-based number of the first row. */
  readonly firstRow: number;
  /** How many rows there are. */
  readonly rows: number;
  /** [rows, fields]. */
  readonly data: Float64Array;
}

/** Mean codes of rows in the order of the table. */
export interface CodeBatch {
  /** 0-based number of the first row. */
  readonly firstRow: number;
  /** How many rows there are. */
  readonly rows: number;
  /** [rows, latentSize]. */
  readonly codes: Matrix;
}

/** Rows beside what the model expects in their place; all [rows, fields] in encoded form. */
export interface ReconstructedBatch extends RowBatch {
  /** The rows as they are; `data` is what the model expects. */
  readonly original: Float64Array;
  /** Ends of the 90 % interval; equal to `data` for categories. */
  readonly lower: Float64Array;
  /** The upper end, as `lower`. */
  readonly upper: Float64Array;
}

/** Rows of a table with what was missing or implausible replaced. */
export type DenoisedBatch = RowBatch & DenoisedRows;

/** The names of a code's numbers in a table: `z0`, `z1`, … */
export function codeColumns(latentSize: number): readonly string[] {
  return Array.from({ length: latentSize }, (_, unit) => `z${unit}`);
}
