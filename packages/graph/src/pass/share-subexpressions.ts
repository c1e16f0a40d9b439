import type { Graph, Node, Tensor } from '../tensor.ts';
import { rewriteGraph } from '../rewrite.ts';

/** Nodes with the same operator, parameters and inputs become one. */
export function shareSubexpressions(graph: Graph): Graph {
  const identities = new Map<Tensor, number>();
  const identityOf = (tensor: Tensor): number => {
    const known = identities.get(tensor) ?? identities.size;
    identities.set(tensor, known);
    return known;
  };
  const seen = new Map<string, Node>();
  return rewriteGraph(graph, (node) => {
    const parameters = printParameters(node);
    if (parameters === undefined) return undefined;
    const key = `${node.kind}(${node.inputs.map(identityOf).join()})${parameters}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, node);
    return first?.outputs;
  });
}

/** Undefined for what is never shared: scans, and constants that are long or have a name. */
function printParameters(node: Node): string | undefined {
  if (node.kind === 'scan') return undefined;
  if (node.kind !== 'constant') return JSON.stringify(node.parameters);
  const { data, shape, type, name } = (node as Node<'constant'>).parameters;
  if (data.length > 64 || name !== undefined) return undefined;
  // By their bytes, which tell −0 from 0.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${type}[${shape.join()}]${bytes.join()}`;
}
