import { graphError } from './graph-error.ts';
import type { Graph, Tensor } from './tensor.ts';
import { topologicalOrder } from './walk.ts';

/**
 * Closes a graph over its inputs.
 *
 * @param inputs Results of `input(…)`; each name once.
 * @param outputs Name → tensor, in this order.
 * @throws UnlikelyError `graph/invalid` where a name stands twice, an input is no `input` node, or
 *   an output needs an input that is not listed.
 */
export function makeGraph(
  name: string,
  inputs: readonly Tensor[],
  outputs: Readonly<Record<string, Tensor>>,
): Graph {
  const names = new Set<string>();
  for (const tensor of inputs) {
    if (tensor.node.kind !== 'input') {
      throw graphError('graph/invalid', `graph ${name}: ${tensor.node.kind} is no input`);
    }
    const inputName = inputNameOf(tensor);
    if (names.has(inputName)) {
      throw graphError('graph/invalid', `graph ${name}: two inputs are named ${inputName}`);
    }
    names.add(inputName);
  }
  const listed = new Set(inputs.map(({ node }) => node));
  for (const node of topologicalOrder(Object.values(outputs))) {
    if (node.kind === 'input' && !listed.has(node)) {
      const missing = inputNameOf(node.outputs[0]!);
      throw graphError('graph/invalid', `graph ${name}: input ${missing} is not listed`);
    }
  }
  return Object.freeze({
    name,
    inputs: Object.freeze([...inputs]),
    outputs: Object.freeze(
      Object.entries(outputs).map(([key, tensor]) => Object.freeze({ name: key, tensor })),
    ),
  });
}

/** The name of a graph input. */
export function inputNameOf(tensor: Tensor): string {
  return (tensor.node.parameters as { readonly name: string }).name;
}
