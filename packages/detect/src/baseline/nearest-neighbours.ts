import { RandomStream } from '@unlikely/graph';
import type { Baseline } from './baseline.ts';
import { checkMatrix, checkTrainingMatrix } from './check-matrix.ts';
import { NeighbourSearch, neighbours } from './neighbour-search.ts';

const neighbourCount = 5;

/**
 * The Euclidean distance to the 5th nearest training row (Ramaswamy et al. 2000), among a seeded
 * sample of at most 5,000; to the farthest one where there are fewer than 5. A training row that is
 * scored finds itself, so score other rows.
 */
export const nearestNeighbours: Baseline = {
  name: 'nearest-neighbours',
  fit(training, seed) {
    checkTrainingMatrix(training);
    const { columns } = training;
    const search = new NeighbourSearch(training, new RandomStream(seed, 'nearest-neighbours'));
    const found = neighbours(Math.min(neighbourCount, search.size));
    return {
      score(x) {
        checkMatrix(x, columns);
        return Float64Array.from({ length: x.rows }, (_, row) => {
          search.search(x, row, found);
          return Math.sqrt(found.squared.at(-1)!);
        });
      },
    };
  },
};
