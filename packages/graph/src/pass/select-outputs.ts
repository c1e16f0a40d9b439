import { graphError } from '../graph-error.ts';
import { makeGraph } from '../graph.ts';
import type { Graph } from '../tensor.ts';
import { topologicalOrder } from '../walk.ts';

/**
 * The part of a graph that some of its outputs need: nodes and inputs that served only the others
 * are dead and fall away.
 *
 * @throws UnlikelyError `graph/invalid` for a name that is no output.
 */
export function selectOutputs(graph: Graph, names: readonly string[]): Graph {
  const outputs = names.map((name) => {
    const found = graph.outputs.find((output) => output.name === name);
    if (found !== undefined) return found;
    const known = graph.outputs.map((output) => output.name).join(', ');
    throw graphError('graph/invalid', `expected an output of ${known}, got ${name}`);
  });
  const alive = new Set(topologicalOrder(outputs.map(({ tensor }) => tensor)));
  return makeGraph(
    graph.name,
    graph.inputs.filter(({ node }) => alive.has(node)),
    Object.fromEntries(outputs.map(({ name, tensor }) => [name, tensor])),
  );
}
