import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../src/baseline/baseline.ts';
import type { Matrix } from '../../src/matrix.ts';

export interface BaselineContractOptions {
  /** Why a row's score may depend on its place; without it the laws of order and batches apply. */
  readonly positional?: string;
}

/** Gaussian rows, of which every column `j` is scaled by `j + 1`. */
export function gaussianRows(rows: number, columns: number, seed: number): Matrix {
  const stream = new RandomStream(seed, 'gaussian-rows');
  const data = Float32Array.from(
    { length: rows * columns },
    (_, at) => stream.normal() * ((at % columns) + 1),
  );
  return { data, rows, columns };
}

function pickRows({ data, columns }: Matrix, rows: ArrayLike<number>): Matrix {
  const picked = new Float32Array(rows.length * columns);
  Array.from(rows).forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { data: picked, rows: rows.length, columns };
}

/** The examination that every baseline takes. */
export function describeBaseline(baseline: Baseline, options: BaselineContractOptions = {}): void {
  const training = gaussianRows(300, 5, 1);
  const x = gaussianRows(60, 5, 2);

  describe(`baseline ${baseline.name}`, () => {
    it('gives the same scores for the same rows and seed', () => {
      const fitted = baseline.fit(training, 7);
      const scores = fitted.score(x);
      expect(fitted.score(x)).toEqual(scores);
      expect(baseline.fit(training, 7).score(x)).toEqual(scores);
      expect(new Set(scores).size).toBeGreaterThan(50);
    });

    it('changes neither the training rows nor the scored ones', () => {
      const [a, b] = [training.data.slice(), x.data.slice()];
      baseline.fit(training, 7).score(x);
      expect(training.data).toEqual(a);
      expect(x.data).toEqual(b);
    });

    it.skipIf(options.positional)('gives a row the same score in any order', () => {
      const fitted = baseline.fit(training, 7);
      const scores = fitted.score(x);
      const order = new RandomStream(5).permutation(x.rows);
      const permuted = fitted.score(pickRows(x, order));
      order.forEach((row, index) => expect(permuted[index]).toBe(scores[row]));
    });

    it.skipIf(options.positional)('gives a row the same score in any batch', () => {
      const fitted = baseline.fit(training, 7);
      const scores = fitted.score(x);
      for (const row of [0, 17, 59]) {
        expect(fitted.score(pickRows(x, [row]))[0]).toBe(scores[row]);
      }
    });

    it.skipIf(options.positional)('scores a far-out row above every training row', () => {
      const fitted = baseline.fit(training, 7);
      const far = { data: Float32Array.of(40, -80, 120, 160, -200), rows: 1, columns: 5 };
      expect(fitted.score(far)[0]).toBeGreaterThan(Math.max(...fitted.score(x)));
    });

    it.each<[string, Matrix]>([
      ['one row', gaussianRows(1, 3, 1)],
      ['two rows', gaussianRows(2, 3, 1)],
      ['one column', gaussianRows(40, 1, 1)],
      ['constant columns', { data: new Float32Array(120).fill(2), rows: 40, columns: 3 }],
      [
        'duplicates',
        pickRows(
          gaussianRows(3, 3, 1),
          Array.from({ length: 60 }, (_, i) => i % 3),
        ),
      ],
      ['more columns than rows', gaussianRows(4, 20, 1)],
      ['huge values', { data: Float32Array.of(3e38, -3e38, 1, 0, 1, 2), rows: 2, columns: 3 }],
    ])('gives finite scores after training on %s', (_, few) => {
      const fitted = baseline.fit(few, 7);
      for (const rows of [few, gaussianRows(10, few.columns, 3)]) {
        const scores = fitted.score(rows);
        expect(scores).toHaveLength(rows.rows);
        expect(scores.every(Number.isFinite)).toBe(true);
      }
    });

    it('gives no scores for no rows', () => {
      const none = { data: new Float32Array(0), rows: 0, columns: 5 };
      expect(baseline.fit(training, 7).score(none)).toHaveLength(0);
    });

    it('refuses rows that do not fit', () => {
      const code = expect.objectContaining({ code: 'baseline/invalid-input' });
      const fitted = baseline.fit(training, 7);
      const missing = { data: Float32Array.of(1, 2, NaN, 4, 5), rows: 1, columns: 5 };
      expect(() => fitted.score(gaussianRows(3, 4, 1))).toThrow(code);
      expect(() => fitted.score(missing)).toThrow(code);
      expect(() => fitted.score({ ...x, rows: 59 })).toThrow(code);
      expect(() => baseline.fit(missing, 7)).toThrow(code);
      expect(() => baseline.fit({ data: new Float32Array(0), rows: 0, columns: 5 }, 7)).toThrow(
        code,
      );
      expect(() => baseline.fit({ data: new Float32Array(0), rows: 2, columns: 0 }, 7)).toThrow(
        code,
      );
    });
  });
}
