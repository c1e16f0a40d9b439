/**
 * Isolation forest (Liu, Ting & Zhou 2008): a row that random splits isolate early is anomalous,
 * `score = 2 ^ (−mean path length / c(ψ))`, with 100 trees of ψ = 256 rows each. Columns that do not
 * vary in a node are not asked about, as in scikit-learn. Our own since the packages on npm draw from
 * `Math.random`.
 */
import { RandomStream } from '@unlikely/graph';
import type { Baseline } from './baseline.ts';
import { checkMatrix, checkTrainingMatrix } from './check-matrix.ts';
import { expectedPathLength, growTree } from './isolation-tree.ts';
import { sampleRows } from './sample-rows.ts';

const treeCount = 100;
const rowsPerTree = 256;

export const isolationForest: Baseline = {
  name: 'isolation-forest',
  fit(training, seed) {
    checkTrainingMatrix(training);
    const { columns } = training;
    const trees = Array.from({ length: treeCount }, (_, index) => {
      const stream = new RandomStream(seed, 'isolation-forest', index);
      return growTree(training, sampleRows(training.rows, rowsPerTree, stream), stream);
    });
    // A forest of single rows has c = 0 and paths of length 0: every score is then 1.
    const scale = treeCount * Math.max(expectedPathLength(Math.min(training.rows, rowsPerTree)), 1);
    return {
      score({ data, rows, columns: width }) {
        checkMatrix({ data, rows, columns: width }, columns);
        const pathLengths = new Float64Array(rows);
        for (const { column, threshold, left, pathLength } of trees) {
          for (let row = 0; row < rows; row++) {
            let node = 0;
            for (let asked = column[0]!; asked >= 0; asked = column[node]!) {
              const below = data[row * columns + asked]! < threshold[node]!;
              node = left[node]! + (below ? 0 : 1);
            }
            pathLengths[row]! += pathLength[node]!;
          }
        }
        return pathLengths.map((length) => 2 ** (-length / scale));
      },
    };
  },
};
