import { makeGraph } from './graph.ts';
import type { Graph, OperatorKind, OperatorParameters, Node, Tensor } from './tensor.ts';
import { makeNode } from './make-node.ts';
import { internalError } from './error.ts';
import { sameShape } from './tensor.ts';
import { nodesOf } from './walk.ts';

/** What a pass puts in the place of a node: one tensor for each output, or undefined to keep it. */
export type Replacement = readonly Tensor[] | undefined;

/**
 * A new graph in which `replace` has seen every node, producers first, with its inputs already
 * rewritten. Graph inputs are kept as they are; bodies of scans are rewritten too.
 */
export function rewriteGraph(graph: Graph, replace: (node: Node) => Replacement): Graph {
  const rewritten = new Map<Tensor, Tensor>();
  const now = (tensor: Tensor): Tensor => rewritten.get(tensor) ?? tensor;
  for (const node of nodesOf(graph)) {
    if (node.kind === 'input') continue;
    const renewed = renew(node, node.inputs.map(now), replace);
    const results = replace(renewed) ?? renewed.outputs;
    node.outputs.forEach((output, index) => {
      const result = results[index];
      if (result?.type !== output.type || !sameShape(result.shape, output.shape)) {
        throw internalError(`a pass changed the type or the shape of ${node.kind}`);
      }
      rewritten.set(output, result);
    });
  }
  return makeGraph(
    graph.name,
    graph.inputs,
    Object.fromEntries(graph.outputs.map(({ name, tensor }) => [name, now(tensor)])),
  );
}

function renew(node: Node, inputs: readonly Tensor[], replace: (node: Node) => Replacement): Node {
  let parameters: OperatorParameters[OperatorKind] = node.parameters;
  if (node.kind === 'scan') {
    const { body, states } = (node as Node<'scan'>).parameters;
    parameters = { body: rewriteGraph(body, replace), states };
  } else if (inputs.every((tensor, index) => tensor === node.inputs[index])) {
    return node;
  }
  return makeNode(node.kind, inputs, parameters as never) as Node;
}
