import { constant, reshape } from '../build.ts';
import type { Graph, OperatorKind, ReduceParameters, Node, Tensor } from '../tensor.ts';
import { rewriteGraph } from '../rewrite.ts';
import type { Replacement } from '../rewrite.ts';
import { foldSplit } from './fold-split.ts';
import { isFloating, sameShape } from '../tensor.ts';

type Fold = (node: Node) => Replacement;

/** The value of a constant with one element; those with a name are for readers and stay. */
function scalarOf(tensor: Tensor | undefined): number | undefined {
  if (tensor?.node.kind !== 'constant') return undefined;
  const { data, name } = (tensor.node as Node<'constant'>).parameters;
  return name === undefined && data.length === 1 && isFloating(tensor.type)
    ? Number(data[0])
    : undefined;
}

const one =
  (evaluate: (a: number) => number): Fold =>
  ({ inputs, outputs }) => {
    const a = scalarOf(inputs[0]);
    return a === undefined ? undefined : [filled(outputs[0]!, evaluate(a))];
  };

/** Two scalars become one; an operation with its neutral element disappears. */
const two =
  (evaluate: (a: number, b: number) => number, neutral: { a?: number; b?: number } = {}): Fold =>
  ({ inputs, outputs }) => {
    const [a, b] = inputs.map(scalarOf);
    const y = outputs[0]!;
    if (a !== undefined && b !== undefined) return [filled(y, evaluate(a, b))];
    if (b !== undefined && b === neutral.b && sameShape(inputs[0]!.shape, y.shape))
      return [inputs[0]!];
    if (a !== undefined && a === neutral.a && sameShape(inputs[1]!.shape, y.shape))
      return [inputs[1]!];
    return undefined;
  };

function filled(like: Tensor, value: number): Tensor {
  return constant([value], { type: like.type, shape: like.shape.map(() => 1) });
}

/** A change of shape that changes nothing. */
const sameAsInput: Fold = ({ inputs, outputs }) =>
  sameShape(inputs[0]!.shape, outputs[0]!.shape) ? [inputs[0]!] : undefined;

/** A reduction of single values only changes the shape. */
const foldReduction: Fold = ({ inputs, outputs, parameters }) => {
  const x = inputs[0]!;
  const { axes } = parameters as ReduceParameters;
  if (axes.some((axis) => x.shape[axis] !== 1)) return undefined;
  const symbols = x.shape.filter((size) => typeof size === 'string').length;
  return symbols > 1 ? undefined : [reshape(x, outputs[0]!.shape)];
};

const foldReshape: Fold = (node) => {
  const x = node.inputs[0]!;
  const { shape } = node.outputs[0]!;
  if (sameShape(x.shape, shape)) return [x];
  if (x.node.kind === 'reshape') return [reshape(x.node.inputs[0]!, shape)];
  const value = scalarOf(x);
  if (value === undefined) return undefined;
  return [constant([value], { type: x.type, shape: shape.map(Number) })];
};

/**
 * Only operators that IEEE 754 rounds correctly. The host computes them in double and rounds to
 * single, which for these gives the single result exactly (Figueroa 1995: 53 ≥ 2 · 24 + 2 bits).
 */
const folds: { readonly [K in OperatorKind]?: Fold } = {
  negate: one((a) => -a),
  reciprocal: one((a) => 1 / a),
  sqrt: one(Math.sqrt),
  abs: one(Math.abs),
  add: two((a, b) => a + b, { a: 0, b: 0 }),
  subtract: two((a, b) => a - b, { b: 0 }),
  multiply: two((a, b) => a * b, { a: 1, b: 1 }),
  divide: two((a, b) => a / b, { b: 1 }),
  reshape: foldReshape,
  split: foldSplit,
  reduceSum: foldReduction,
  reduceMean: foldReduction,
  reduceMax: foldReduction,
  expand: sameAsInput,
  pad: sameAsInput,
};

/**
 * Computes what depends on scalar constants alone and removes neutral operations (x · 1, x + 0, a
 * split of what was just joined, …).
 * All numbers stay the same, but that a zero may keep its sign where x + 0 would drop it.
 */
export function foldConstants(graph: Graph): Graph {
  return rewriteGraph(graph, (node) => folds[node.kind]?.(node));
}
