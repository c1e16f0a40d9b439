import type { Graph } from '../tensor.ts';
import { foldConstants } from './fold-constants.ts';
import { shareSubexpressions } from './share-subexpressions.ts';

/** The passes that every program goes through before it is written. Dead nodes are never reached. */
export function optimise(graph: Graph): Graph {
  return shareSubexpressions(foldConstants(graph));
}
