import type { RandomStream } from '@unlikely/graph';
import type { Matrix } from '../matrix.ts';

/** A binary tree in flat arrays. A leaf has column -1. */
export interface IsolationTree {
  /** The column that a node asks about, -1 for a leaf. */
  readonly column: Int32Array;
  /** Rows below the threshold go left. */
  readonly threshold: Float64Array;
  /** The left child; the right child is the next node. */
  readonly left: Int32Array;
  /** For a leaf: its depth plus the expected depth of a tree of the rows that it holds. */
  readonly pathLength: Float64Array;
}

/** Grows a tree over the given rows until each is alone, equal to its neighbours, or too deep. */
export function growTree(x: Matrix, rows: Int32Array, stream: RandomStream): IsolationTree {
  const mostNodes = 2 * rows.length - 1;
  const tree: IsolationTree = {
    column: new Int32Array(mostNodes).fill(-1),
    threshold: new Float64Array(mostNodes),
    left: new Int32Array(mostNodes),
    pathLength: new Float64Array(mostNodes),
  };
  const heightLimit = Math.ceil(Math.log2(Math.max(rows.length, 2)));
  let nodes = 1;
  const grow = (node: number, held: Int32Array, depth: number): void => {
    const split = depth < heightLimit ? chooseSplit(x, held, stream) : null;
    if (split === null) {
      tree.pathLength[node] = depth + expectedPathLength(held.length);
      return;
    }
    const { column, threshold } = split;
    const isLeft = (row: number): boolean => x.data[row * x.columns + column]! < threshold;
    const left = nodes;
    nodes += 2;
    tree.column[node] = column;
    tree.threshold[node] = threshold;
    tree.left[node] = left;
    grow(left, held.filter(isLeft), depth + 1);
    grow(
      left + 1,
      held.filter((row) => !isLeft(row)),
      depth + 1,
    );
  };
  grow(0, rows, 0);
  return tree;
}

/** A uniform column among those that vary, a uniform value within their range; null if none varies. */
function chooseSplit(
  x: Matrix,
  rows: Int32Array,
  stream: RandomStream,
): { column: number; threshold: number } | null {
  if (rows.length < 2) return null;
  const left = Int32Array.from({ length: x.columns }, (_, column) => column);
  for (let untried = x.columns; untried > 0; untried--) {
    const place = stream.integer(untried);
    const column = left[place]!;
    left[place] = left[untried - 1]!;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (const row of rows) {
      const value = x.data[row * x.columns + column]!;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    if (minimum === maximum) continue;
    // Above the minimum, so that both sides hold a row.
    const drawn = minimum + stream.uniform() * (maximum - minimum);
    return { column, threshold: drawn > minimum ? drawn : maximum };
  }
  return null;
}

/** c(n) of the paper: the mean depth of an unsuccessful search in a binary tree of n rows. */
export function expectedPathLength(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  const eulerMascheroni = 0.5772156649015329;
  return 2 * (Math.log(rows - 1) + eulerMascheroni) - (2 * (rows - 1)) / rows;
}
