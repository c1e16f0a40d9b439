import type {
  Graph,
  OperatorKind,
  OperatorParameters,
  Node,
  Tensor,
  TensorData,
} from './tensor.ts';
import { printShape } from './tensor.ts';
import { nodesOf } from './walk.ts';

type Printer<K extends OperatorKind> = (parameters: OperatorParameters[K]) => string;

const nothing = (): string => '';
const all = (parameters: object): string =>
  Object.entries(parameters)
    .map(([key, value]) => `${key}=${printValue(value)}`)
    .join(' ');

function printValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function printData(data: TensorData): string {
  const head = Array.from({ length: Math.min(6, data.length) }, (_, i) => String(data[i]));
  return `{${head.join(', ')}${data.length > 6 ? ', …' : ''}}`;
}

/** How the parameters of each operator are printed. */
const printers: { readonly [K in OperatorKind]: Printer<K> } = {
  input: ({ name }) => name,
  constant: ({ data, name }) =>
    name === undefined ? printData(data) : `${name} ${printData(data)}`,
  negate: nothing,
  exp: nothing,
  log: nothing,
  sqrt: nothing,
  reciprocal: nothing,
  abs: nothing,
  sign: nothing,
  floor: nothing,
  relu: nothing,
  sigmoid: nothing,
  tanh: nothing,
  softplus: nothing,
  not: nothing,
  isNaN: nothing,
  cast: nothing,
  add: nothing,
  subtract: nothing,
  multiply: nothing,
  divide: nothing,
  power: nothing,
  maximum: nothing,
  minimum: nothing,
  equal: nothing,
  less: nothing,
  greater: nothing,
  and: nothing,
  or: nothing,
  where: nothing,
  matMul: nothing,
  gemm: all,
  transpose: all,
  reshape: nothing,
  expand: nothing,
  concat: all,
  split: all,
  slice: all,
  gather: all,
  gatherRows: nothing,
  pad: all,
  reduceSum: all,
  reduceMean: all,
  reduceMax: all,
  reduceSumSquare: all,
  reduceL2: all,
  reduceLogSumExp: all,
  argMax: all,
  softmax: all,
  logSoftmax: all,
  convolution: all,
  convolutionTranspose: all,
  scan: ({ body, states }) => `states=${states} ${printGraph(body).replaceAll('\n', '\n  ')}`,
};

/**
 * One line a node in the order of execution, each result named once:
 * `c = multiply a b : float32[2, 3]`.
 */
export function printGraph(graph: Graph): string {
  const names = new Map<Tensor, string>();
  const nameOf = (tensor: Tensor): string => {
    const known = names.get(tensor) ?? `%${names.size}`;
    names.set(tensor, known);
    return known;
  };
  const printNode = (node: Node): string => {
    const printer = printers[node.kind] as Printer<OperatorKind>;
    const results = node.outputs.map(nameOf).join(', ');
    const types = node.outputs.map(({ type, shape }) => `${type}${printShape(shape)}`).join(', ');
    const parts = [node.kind, ...node.inputs.map(nameOf), printer(node.parameters)];
    return `  ${results} = ${parts.filter((part) => part !== '').join(' ')} : ${types}`;
  };
  return [
    `graph ${graph.name} {`,
    ...nodesOf(graph).map(printNode),
    `  return ${graph.outputs.map(({ name, tensor }) => `${name}=${nameOf(tensor)}`).join(', ')}`,
    '}',
  ].join('\n');
}
