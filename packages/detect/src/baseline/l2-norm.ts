import type { Baseline } from './baseline.ts';
import { checkMatrix, checkTrainingMatrix } from './check-matrix.ts';

/**
 * The Euclidean norm of the standardised row: how far out it is, column by column. Nothing is learnt;
 * a network that does not beat it has learnt nothing either.
 */
export const l2Norm: Baseline = {
  name: 'l2-norm',
  fit(training) {
    checkTrainingMatrix(training);
    const { columns } = training;
    return {
      score(x) {
        checkMatrix(x, columns);
        return Float64Array.from({ length: x.rows }, (_, row) => {
          let squares = 0;
          for (let at = row * columns; at < (row + 1) * columns; at++) squares += x.data[at]! ** 2;
          return Math.sqrt(squares);
        });
      },
    };
  },
};
