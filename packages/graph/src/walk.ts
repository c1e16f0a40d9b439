import type { Graph, Node, Tensor } from './tensor.ts';

/**
 * Every node that the tensors depend on, each once, producers before consumers. The order depends
 * on the tensors alone. Iterative, since a network of many layers would overflow the call stack.
 */
export function topologicalOrder(tensors: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const { node: root } of tensors) {
    if (done.has(root)) continue;
    stack.push({ node: root, next: 0 });
    done.add(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = top.node.inputs[top.next++]?.node;
      if (child === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!done.has(child)) {
        done.add(child);
        stack.push({ node: child, next: 0 });
      }
    }
  }
  return order;
}

/** The nodes of a graph; its inputs come first even where nothing uses them. */
export function nodesOf(graph: Graph): Node[] {
  return topologicalOrder([...graph.inputs, ...graph.outputs.map((output) => output.tensor)]);
}
