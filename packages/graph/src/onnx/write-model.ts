import { graphError } from '../graph-error.ts';
import type { Graph, OperatorKind, DataType, Node, Tensor, TensorData } from '../tensor.ts';
import { inputNameOf } from '../graph.ts';
import { nodesOf } from '../walk.ts';
import { writeModelMessage } from './message.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValueInfo } from './message.ts';
import { elementTypes, onnxRules } from './operator-rules.ts';
import type { AttributeValue, OnnxRule } from './operator-rules.ts';

/** The versions that every program is written for; hosts from 2021 on load them. */
export const onnxOperatorSet = 17;
export const onnxIrVersion = 8;

const attributeTypes = { integer: 2, graph: 5, integers: 7 } as const;

/**
 * A graph as the bytes of an ONNX model (opset 17, IR version 8). The same graph always gives the
 * same bytes.
 *
 * @param metadata Kept in `metadata_props`, in this order.
 * @throws UnlikelyError `graph/invalid` where two of the inputs, outputs and named constants share a
 *   name, or one is empty or begins with `__`, which marks the names that the writer makes up.
 */
export function writeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return writeModelMessage({
    irVersion: onnxIrVersion,
    producerName: 'unlikely',
    graph: lowerGraph(graph, ''),
    opsetImport: [{ domain: '', version: onnxOperatorSet }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
}

/** What stands before the names inside the n-th scan body of a graph. */
export function bodyScope(scope: string, body: number): string {
  return `${scope}__b${body}_`;
}

/** `scope` keeps the names of a scan's body apart from those around it. */
function lowerGraph(graph: Graph, scope: string): OnnxGraph {
  const names = new Map<Tensor, string>();
  const initializers: OnnxTensor[] = [];
  const integerConstants = new Map<string, string>();
  const nodes: OnnxNode[] = [];
  let bodies = 0;

  const given = new Set<string>();
  const claim = (name: string): string => {
    if (name === '' || name.startsWith('__') || given.has(name)) {
      throw graphError(
        'graph/invalid',
        `graph ${graph.name}: expected names of its own without __ in front, got "${name}"`,
      );
    }
    given.add(name);
    return `${scope}${name}`;
  };
  for (const tensor of graph.inputs) names.set(tensor, claim(inputNameOf(tensor)));
  // A node's result takes the name of the output that it is; other outputs are copies.
  for (const { name, tensor } of graph.outputs) {
    claim(name);
    if (isComputed(tensor) && !names.has(tensor)) names.set(tensor, `${scope}${name}`);
  }
  const integers = (values: readonly number[]): string => {
    const key = `${scope}__i_${values.join('_')}`;
    if (!integerConstants.has(key)) {
      integerConstants.set(key, key);
      const data = BigInt64Array.from(values, BigInt);
      initializers.push(initializer(key, 'int64', data, [values.length]));
    }
    return key;
  };
  const attribute = (name: string, value: AttributeValue): OnnxAttribute => {
    if (typeof value === 'number') return { name, i: value, type: attributeTypes.integer };
    if (Array.isArray(value)) return { name, ints: [...value], type: attributeTypes.integers };
    const body = lowerGraph(value as Graph, bodyScope(scope, bodies++));
    return { name, g: body, type: attributeTypes.graph };
  };
  const lower = (node: Node): void => {
    if (node.kind === 'input') return;
    if (node.kind === 'constant') {
      const { type, data, shape, name } = (node as Node<'constant'>).parameters;
      const key = name === undefined ? `${scope}__c${names.size}` : claim(name);
      names.set(node.outputs[0]!, key);
      initializers.push(initializer(key, type, data, shape));
      return;
    }
    const rule = onnxRules[node.kind] as OnnxRule<OperatorKind>;
    for (const output of node.outputs) {
      if (!names.has(output)) names.set(output, `${scope}__t${names.size}`);
    }
    const constants = rule.constants?.(node.parameters, node.inputs[0]!) ?? [];
    const attributes = Object.entries(rule.attributes?.(node.parameters) ?? {});
    nodes.push({
      input: [...node.inputs.map((x) => names.get(x)!), ...constants.map(integers)],
      output: node.outputs.map((output) => names.get(output)!),
      opType: rule.operator,
      attribute: attributes.map(([name, value]) => attribute(name, value)),
    });
  };
  nodesOf(graph).forEach(lower);

  for (const { name, tensor } of graph.outputs) {
    const output = `${scope}${name}`;
    const source = names.get(tensor)!;
    if (source !== output) nodes.push({ input: [source], output: [output], opType: 'Identity' });
  }
  return {
    name: graph.name,
    node: nodes,
    initializer: initializers,
    input: graph.inputs.map((tensor) => valueInfo(`${scope}${inputNameOf(tensor)}`, tensor)),
    output: graph.outputs.map(({ name, tensor }) => valueInfo(`${scope}${name}`, tensor)),
  };
}

function isComputed({ node }: Tensor): boolean {
  return node.kind !== 'input' && node.kind !== 'constant';
}

function initializer(
  name: string,
  type: DataType,
  data: TensorData,
  shape: readonly number[],
): OnnxTensor {
  return {
    name,
    dims: [...shape],
    dataType: elementTypes[type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function valueInfo(name: string, { type, shape }: Tensor): OnnxValueInfo {
  const dim = shape.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
