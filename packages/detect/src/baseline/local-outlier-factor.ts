/**
 * Local outlier factor (Breunig et al. 2000) of new rows among at most 5,000 training rows, k = 20:
 * the mean density of a row's neighbours over its own, where
 * `density(p) = 1 / mean_o max(distance(p, o), distance of o to its own k-th neighbour)`.
 */
import { RandomStream } from '@unlikely/graph';
import type { Baseline } from './baseline.ts';
import { checkMatrix, checkTrainingMatrix } from './check-matrix.ts';
import { NeighbourSearch, neighbours, type Neighbours } from './neighbour-search.ts';

const neighbourCount = 20;
/** Keeps the density of duplicates finite, as scikit-learn does. */
const tiniestReach = 1e-10;

export const localOutlierFactor: Baseline = {
  name: 'local-outlier-factor',
  fit(training, seed) {
    checkTrainingMatrix(training);
    const { columns } = training;
    const search = new NeighbourSearch(training, new RandomStream(seed, 'local-outlier-factor'));
    const { size } = search;
    // A reference is no neighbour of its own, so a single one has none: every row then scores 1.
    const count = Math.min(neighbourCount, size - 1);
    if (count === 0) {
      return {
        score(x) {
          checkMatrix(x, columns);
          return new Float64Array(x.rows).fill(1);
        },
      };
    }

    const found = neighbours(count);
    const ofReferences = Array.from({ length: size }, (_, place) => {
      search.searchAround(place, found);
      return { squared: found.squared.slice(), places: found.places.slice() };
    });
    const reach = Float64Array.from(ofReferences, ({ squared }) => Math.sqrt(squared.at(-1)!));
    const density = Float64Array.from(ofReferences, (near) => densityOf(near, reach));
    return {
      score(x) {
        checkMatrix(x, columns);
        return Float64Array.from({ length: x.rows }, (_, row) => {
          search.search(x, row, found);
          const around = found.places.reduce((sum, place) => sum + density[place]!, 0) / count;
          return around / densityOf(found, reach);
        });
      },
    };
  },
};

function densityOf({ squared, places }: Neighbours, reach: Float64Array): number {
  const total = places.reduce(
    (sum, place, index) => sum + Math.max(Math.sqrt(squared[index]!), reach[place]!),
    0,
  );
  return 1 / (total / places.length + tiniestReach);
}
