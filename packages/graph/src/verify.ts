import { internalError } from './error.ts';
import type { Graph, OperatorKind, Node } from './tensor.ts';
import { inputNameOf } from './graph.ts';
import { printGraph } from './print.ts';
import { shapeRules } from './shape-rules.ts';
import type { ShapeRule, TensorType } from './shape-rules.ts';
import { printShape, sameShape } from './tensor.ts';
import { nodesOf } from './walk.ts';

/**
 * The grammar of legal graphs: every node agrees with its shape rule, everything is frozen, every
 * reached input belongs to the graph, and the bodies of scans are legal too.
 *
 * @throws UnlikelyError `internal` with the printed graph, since only a pass can break it.
 */
export function verify(graph: Graph): Graph {
  const fail = (message: string): never => {
    throw internalError(`${message} in\n${printGraph(graph)}`);
  };
  const inputs = new Set(graph.inputs.map(({ node }) => node));
  for (const { node } of graph.inputs) {
    if (node.kind !== 'input') fail(`${node.kind} is given as an input`);
  }
  for (const node of nodesOf(graph)) {
    if (!(node.kind in shapeRules)) throw internalError(`${node.kind} is no operator`);
    const parts = [node, node.inputs, node.parameters, node.outputs, ...node.outputs];
    if (!parts.every(Object.isFrozen)) fail(`${node.kind} is not frozen`);
    if (node.kind === 'input' && !inputs.has(node)) {
      fail(`${inputNameOf(node.outputs[0]!)} is used but is no input`);
    }
    if (node.kind === 'scan') verify((node as Node<'scan'>).parameters.body);
    const expected = expectedOutputs(node, fail);
    if (node.outputs.length !== expected.length) {
      fail(`${node.kind} should have ${expected.length} outputs`);
    }
    expected.forEach(({ type, shape }, index) => {
      const output = node.outputs[index]!;
      if (output.node !== node || output.index !== index) {
        fail(`output ${index} of ${node.kind} belongs to another node`);
      }
      if (output.type !== type || !sameShape(output.shape, shape)) {
        fail(`${node.kind} should give ${type}${printShape(shape)}`);
      }
    });
  }
  return graph;
}

function expectedOutputs(node: Node, fail: (message: string) => never): readonly TensorType[] {
  const rule = shapeRules[node.kind] as ShapeRule<OperatorKind>;
  try {
    return rule(node.inputs, node.parameters, node.kind);
  } catch (error) {
    return fail((error as Error).message);
  }
}
