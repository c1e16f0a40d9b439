import { RandomStream } from '@unlikely/graph';
import type { Baseline } from './baseline.ts';
import { checkMatrix, checkTrainingMatrix } from './check-matrix.ts';

/**
 * Uniform numbers: the AUROC of no knowledge at all, and by its distance from 0.5 the noise of the test
 * set. The number belongs to the row's place, not to its values: were it a function of the values,
 * a test set with many equal rows would not average out.
 */
export const random: Baseline = {
  name: 'random',
  fit(training, seed) {
    checkTrainingMatrix(training);
    return {
      score(x) {
        checkMatrix(x, training.columns);
        const stream = new RandomStream(seed, 'random-baseline');
        return Float64Array.from({ length: x.rows }, () => stream.uniform());
      },
    };
  },
};
