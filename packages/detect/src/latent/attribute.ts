import { detectError } from '../detect-error.ts';
import type { Matrix } from '../matrix.ts';

/** A direction of the latent space that stands for a trait of rows, as the model file keeps it. */
export interface Attribute {
  /** The mean code of rows with the trait less that of rows without, [latentSize]; float32 values. */
  readonly vector: readonly number[];
  /** How many rows each mean is of. */
  readonly rows: { readonly with: number; readonly without: number };
  /**
   * How far apart the two sets lie along the vector, in their pooled standard deviations (Cohen's
   * d); null where they do not spread at all.
   */
  readonly separation: number | null;
  /** Which rows they were, in words. */
  readonly condition?: { readonly with: string; readonly without: string };
}

/** Sums over codes that come in batches, in double. */
export class CodeMoments {
  rows = 0;
  readonly #sum: Float64Array;
  readonly #products: Float64Array;

  constructor(size: number) {
    this.#sum = new Float64Array(size);
    this.#products = new Float64Array(size * size);
  }

  add({ data, rows, columns }: Matrix): void {
    for (let row = 0; row < rows; row++) {
      for (let a = 0; a < columns; a++) {
        const value = data[row * columns + a]!;
        this.#sum[a]! += value;
        for (let b = 0; b < columns; b++) {
          this.#products[a * columns + b]! += value * data[row * columns + b]!;
        }
      }
    }
    this.rows += rows;
  }

  mean(): Float64Array {
    return this.#sum.map((sum) => sum / this.rows);
  }

  /** The variance of the codes along a direction, population formula. */
  varianceAlong(direction: ArrayLike<number>): number {
    const size = this.#sum.length;
    const mean = this.mean();
    let [variance, length] = [0, 0];
    for (let a = 0; a < size; a++) {
      length += direction[a]! ** 2;
      for (let b = 0; b < size; b++) {
        const covariance = this.#products[a * size + b]! / this.rows - mean[a]! * mean[b]!;
        variance += direction[a]! * direction[b]! * covariance;
      }
    }
    return length === 0 ? 0 : Math.max(0, variance / length);
  }
}

/**
 * The mean difference of two sets of codes (Larsen et al. 2016, "Autoencoding beyond pixels", §4.2).
 *
 * @throws UnlikelyError `detect/input` where a set is empty.
 */
export function attributeOf(present: CodeMoments, absent: CodeMoments): Attribute {
  if (present.rows === 0 || absent.rows === 0) {
    throw detectError(
      'detect/input',
      `expected rows with the attribute and rows without, got ${present.rows} and ${absent.rows}`,
      { help: 'A difference needs at least one row on each side.' },
    );
  }
  const without = absent.mean();
  // Adding 0 turns −0 into 0, which JSON does not tell from it.
  const vector = Array.from(present.mean(), (mean, unit) => Math.fround(mean - without[unit]!) + 0);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
  const rows = { with: present.rows, without: absent.rows };
  const pooled =
    (rows.with * present.varianceAlong(vector) + rows.without * absent.varianceAlong(vector)) /
    (rows.with + rows.without);
  return { vector, rows, separation: pooled > 0 ? length / Math.sqrt(pooled) : null };
}

/**
 * Codes with `amount` times a vector added; a negative amount takes it away.
 *
 * @throws UnlikelyError `detect/input` for an amount that is no finite number or a vector of another size.
 */
export function shiftedCodes(codes: Matrix, vector: ArrayLike<number>, amount: number): Matrix {
  if (vector.length !== codes.columns || !Number.isFinite(amount)) {
    throw detectError(
      'detect/input',
      `expected a finite amount of a vector of ${codes.columns} numbers, got ${amount} of ${vector.length}`,
      { help: 'Attribute vectors belong to the model that they were made with.' },
    );
  }
  const data = codes.data.map((value, index) => value + amount * vector[index % codes.columns]!);
  return { ...codes, data };
}
