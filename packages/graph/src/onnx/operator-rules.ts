import { graphError } from '../graph-error.ts';
import type {
  Graph,
  OperatorKind,
  OperatorParameters,
  ReduceParameters,
  DataType,
  Shape,
  Tensor,
} from '../tensor.ts';

/** What an attribute may hold; graphs are the bodies of scans. */
export type AttributeValue = number | readonly number[] | Graph;

/** An input that ONNX takes as a tensor where our operator has a parameter. */
export type ConstantInput = readonly number[];

/** What a reader finds of a node: attributes, and constant inputs by position. */
export interface FoundNode {
  readonly inputs: readonly Tensor[];
  readonly integer: (name: string, fallback: number) => number;
  readonly integers: (name: string, fallback: readonly number[]) => readonly number[];
  readonly constantInput: (index: number) => readonly number[];
  readonly graph: (name: string) => Graph;
}

/** One operator ↔ one ONNX node (opset 17). */
export interface OnnxRule<K extends OperatorKind> {
  readonly operator: string;
  /** Parameters → attributes; absent for none. */
  readonly attributes?: (p: OperatorParameters[K]) => Readonly<Record<string, AttributeValue>>;
  /** Parameters → int64 inputs after the tensor inputs. */
  readonly constants?: (p: OperatorParameters[K], input: Tensor) => readonly ConstantInput[];
  /** The way back. */
  readonly read: (found: FoundNode) => OperatorParameters[K];
  /** How many inputs are tensors of our operator; all where absent. */
  readonly tensorInputs?: number;
}

export const elementTypes: { readonly [T in DataType]: number } = {
  float32: 1,
  uint8: 2,
  int64: 7,
  bool: 9,
  float64: 11,
};

export function dataTypeOfElement(element: number | undefined): DataType | undefined {
  return (Object.keys(elementTypes) as DataType[]).find((type) => elementTypes[type] === element);
}

type Plain = { [K in OperatorKind]: {} extends OperatorParameters[K] ? K : never }[OperatorKind];

const plain = <K extends Plain>(operator: string): OnnxRule<K> => ({
  operator,
  read: () => ({}) as OperatorParameters[K],
});

type ReduceKind = 'reduceMean' | 'reduceMax' | 'reduceSumSquare' | 'reduceL2' | 'reduceLogSumExp';

const reduce = <K extends ReduceKind>(operator: string): OnnxRule<K> => ({
  operator,
  attributes: ({ axes, keepDimensions }: ReduceParameters) => ({
    axes,
    keepdims: Number(keepDimensions),
  }),
  read: ({ integer, integers }) =>
    ({
      axes: integers('axes', []),
      keepDimensions: integer('keepdims', 1) === 1,
    }) as OperatorParameters[K],
});

const alongAxis = <K extends 'softmax' | 'logSoftmax'>(operator: string): OnnxRule<K> => ({
  operator,
  attributes: ({ axis }: OperatorParameters['softmax']) => ({ axis }),
  read: ({ integer }) => ({ axis: integer('axis', -1) }) as OperatorParameters[K],
});

/** A symbolic dimension becomes −1: a reshape keeps at most one. */
const reshapeTarget = (shape: Shape): readonly number[] =>
  shape.map((dimension) => (typeof dimension === 'number' ? dimension : -1));

function reshapeShape(x: Tensor, target: readonly number[]): Shape {
  const symbol = x.shape.find((dimension) => typeof dimension === 'string');
  return target.map((size) => (size === -1 && symbol !== undefined ? symbol : size));
}

type Pair = readonly [number, number];
type Four = readonly [number, number, number, number];

/** The closed table of ONNX forms, both ways. */
export const onnxRules: {
  readonly [K in Exclude<OperatorKind, 'input' | 'constant'>]: OnnxRule<K>;
} = {
  negate: plain('Neg'),
  exp: plain('Exp'),
  log: plain('Log'),
  sqrt: plain('Sqrt'),
  reciprocal: plain('Reciprocal'),
  abs: plain('Abs'),
  sign: plain('Sign'),
  floor: plain('Floor'),
  relu: plain('Relu'),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  softplus: plain('Softplus'),
  not: plain('Not'),
  isNaN: plain('IsNaN'),
  cast: {
    operator: 'Cast',
    attributes: ({ type }) => ({ to: elementTypes[type] }),
    read: ({ integer }) => {
      const type = dataTypeOfElement(integer('to', 0));
      if (type !== undefined) return { type };
      throw graphError('onnx/unsupported', 'expected a cast to a type of ours');
    },
  },
  add: plain('Add'),
  subtract: plain('Sub'),
  multiply: plain('Mul'),
  divide: plain('Div'),
  power: plain('Pow'),
  maximum: plain('Max'),
  minimum: plain('Min'),
  equal: plain('Equal'),
  less: plain('Less'),
  greater: plain('Greater'),
  and: plain('And'),
  or: plain('Or'),
  where: plain('Where'),
  matMul: plain('MatMul'),
  gemm: {
    operator: 'Gemm',
    attributes: ({ transposeA, transposeB }) => ({
      transA: Number(transposeA),
      transB: Number(transposeB),
    }),
    read: ({ integer }) => ({
      transposeA: integer('transA', 0) === 1,
      transposeB: integer('transB', 0) === 1,
    }),
  },
  transpose: {
    operator: 'Transpose',
    attributes: ({ permutation }) => ({ perm: permutation }),
    read: ({ integers }) => ({ permutation: integers('perm', []) }),
  },
  reshape: {
    operator: 'Reshape',
    tensorInputs: 1,
    constants: ({ shape }) => [reshapeTarget(shape)],
    read: ({ inputs, constantInput }) => ({ shape: reshapeShape(inputs[0]!, constantInput(1)) }),
  },
  expand: {
    operator: 'Expand',
    tensorInputs: 1,
    constants: ({ shape }) => [shape],
    read: ({ constantInput }) => ({ shape: constantInput(1) }),
  },
  concat: {
    operator: 'Concat',
    attributes: ({ axis }) => ({ axis }),
    read: ({ integer }) => ({ axis: integer('axis', 0) }),
  },
  split: {
    operator: 'Split',
    tensorInputs: 1,
    attributes: ({ axis }) => ({ axis }),
    constants: ({ sizes }) => [sizes],
    read: ({ integer, constantInput }) => ({ axis: integer('axis', 0), sizes: constantInput(1) }),
  },
  slice: {
    operator: 'Slice',
    tensorInputs: 1,
    constants: ({ axis, start, end }) => [[start], [end], [axis]],
    read: ({ constantInput }) => ({
      axis: constantInput(3)[0]!,
      start: constantInput(1)[0]!,
      end: constantInput(2)[0]!,
    }),
  },
  gather: {
    operator: 'Gather',
    tensorInputs: 1,
    attributes: ({ axis }) => ({ axis }),
    constants: ({ indices }) => [indices],
    read: ({ integer, constantInput }) => ({
      axis: integer('axis', 0),
      indices: constantInput(1),
    }),
  },
  gatherRows: plain('GatherND'),
  pad: {
    operator: 'Pad',
    tensorInputs: 1,
    constants: ({ pads }) => [pads],
    read: ({ constantInput }) => ({ pads: constantInput(1) }),
  },
  reduceSum: {
    operator: 'ReduceSum',
    tensorInputs: 1,
    attributes: ({ keepDimensions }) => ({ keepdims: Number(keepDimensions) }),
    constants: ({ axes }) => [axes],
    read: ({ integer, constantInput }) => ({
      axes: constantInput(1),
      keepDimensions: integer('keepdims', 1) === 1,
    }),
  },
  reduceMean: reduce('ReduceMean'),
  reduceMax: reduce('ReduceMax'),
  reduceSumSquare: reduce('ReduceSumSquare'),
  reduceL2: reduce('ReduceL2'),
  reduceLogSumExp: reduce('ReduceLogSumExp'),
  argMax: {
    operator: 'ArgMax',
    attributes: ({ axis, keepDimensions }) => ({ axis, keepdims: Number(keepDimensions) }),
    read: ({ integer }) => ({
      axis: integer('axis', 0),
      keepDimensions: integer('keepdims', 1) === 1,
    }),
  },
  softmax: alongAxis('Softmax'),
  logSoftmax: alongAxis('LogSoftmax'),
  convolution: {
    operator: 'Conv',
    attributes: ({ strides, pads, dilations }) => ({ strides, pads, dilations }),
    read: ({ integers }) => ({
      strides: integers('strides', [1, 1]) as Pair,
      pads: integers('pads', [0, 0, 0, 0]) as Four,
      dilations: integers('dilations', [1, 1]) as Pair,
    }),
  },
  convolutionTranspose: {
    operator: 'ConvTranspose',
    attributes: ({ strides, pads, dilations, outputPadding }) => ({
      strides,
      pads,
      dilations,
      output_padding: outputPadding,
    }),
    read: ({ integers }) => ({
      strides: integers('strides', [1, 1]) as Pair,
      pads: integers('pads', [0, 0, 0, 0]) as Four,
      dilations: integers('dilations', [1, 1]) as Pair,
      outputPadding: integers('output_padding', [0, 0]) as Pair,
    }),
  },
  scan: {
    operator: 'Scan',
    attributes: ({ body, states }) => ({
      body,
      num_scan_inputs: body.inputs.length - states,
    }),
    read: ({ graph, integer, inputs }) => ({
      body: graph('body'),
      states: inputs.length - integer('num_scan_inputs', 1),
    }),
  },
};

/** ONNX operator → our operator. */
export const operatorKindOf: ReadonlyMap<string, keyof typeof onnxRules> = new Map(
  (Object.keys(onnxRules) as (keyof typeof onnxRules)[]).map((kind) => [
    onnxRules[kind].operator,
    kind,
  ]),
);
