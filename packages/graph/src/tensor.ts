/** Element types that graphs use, named as ONNX Runtime names them. */
export type DataType = 'float32' | 'float64' | 'int64' | 'uint8' | 'bool';

/** A dimension is a size, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

export type Shape = readonly Dimension[];

/** The values of a constant; `uint8` is stored as bytes, `bool` as bytes of 0 and 1. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

/** One output of a node: a symbolic array with a type and a shape, and no values. */
export interface Tensor {
  readonly node: Node;
  /** Which output of the node this is. */
  readonly index: number;
  readonly type: DataType;
  readonly shape: Shape;
}

/** One application of an operator. Frozen; passes build new nodes. */
export interface Node<K extends OperatorKind = OperatorKind> {
  readonly kind: K;
  readonly inputs: readonly Tensor[];
  readonly parameters: OperatorParameters[K];
  readonly outputs: readonly Tensor[];
}

/** A function from named inputs to named outputs: frozen data, reached from its outputs. */
export interface Graph {
  readonly name: string;
  /** The outputs of `input` nodes, in the order in which a caller gives them. */
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly GraphOutput[];
}

export interface GraphOutput {
  readonly name: string;
  readonly tensor: Tensor;
}

export type NoParameters = Readonly<Record<never, never>>;

/** `axes` are non-negative and ascending; reduced axes stay as size 1 where `keepDimensions`. */
export interface ReduceParameters {
  readonly axes: readonly number[];
  readonly keepDimensions: boolean;
}

/** Two spatial axes; `pads` is [top, left, bottom, right]. */
export interface ConvolutionParameters {
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
}

/**
 * The closed union of operators with the parameters of each. Shape rule, gradient, ONNX form and
 * printed form are exhaustive tables over it, so an operator that lacks one of them does not compile.
 */
export interface OperatorParameters {
  readonly input: { readonly name: string; readonly type: DataType; readonly shape: Shape };
  readonly constant: {
    readonly type: DataType;
    readonly shape: readonly number[];
    readonly data: TensorData;
    /** Constants with a name keep it in the ONNX file, so that a reader can find them. */
    readonly name: string | undefined;
  };

  readonly negate: NoParameters;
  readonly exp: NoParameters;
  readonly log: NoParameters;
  readonly sqrt: NoParameters;
  readonly reciprocal: NoParameters;
  readonly abs: NoParameters;
  readonly sign: NoParameters;
  readonly floor: NoParameters;
  readonly relu: NoParameters;
  readonly sigmoid: NoParameters;
  readonly tanh: NoParameters;
  readonly softplus: NoParameters;
  readonly not: NoParameters;
  readonly isNaN: NoParameters;
  readonly cast: { readonly type: DataType };

  readonly add: NoParameters;
  readonly subtract: NoParameters;
  readonly multiply: NoParameters;
  readonly divide: NoParameters;
  readonly power: NoParameters;
  readonly maximum: NoParameters;
  readonly minimum: NoParameters;
  readonly equal: NoParameters;
  readonly less: NoParameters;
  readonly greater: NoParameters;
  readonly and: NoParameters;
  readonly or: NoParameters;
  readonly where: NoParameters;

  readonly matMul: NoParameters;
  readonly gemm: { readonly transposeA: boolean; readonly transposeB: boolean };

  readonly transpose: { readonly permutation: readonly number[] };
  readonly reshape: { readonly shape: Shape };
  readonly expand: { readonly shape: readonly number[] };
  readonly concat: { readonly axis: number };
  readonly split: { readonly axis: number; readonly sizes: readonly number[] };
  readonly slice: { readonly axis: number; readonly start: number; readonly end: number };
  /** Picks `indices` along `axis`, in their order, repeats allowed. */
  readonly gather: { readonly axis: number; readonly indices: readonly number[] };
  /** Picks rows of a matrix [K, …] at indices of the program, int64 [rows, 1]. */
  readonly gatherRows: NoParameters;
  /** `pads` is [before axis 0, …, after axis 0, …]. */
  readonly pad: { readonly pads: readonly number[] };

  readonly reduceSum: ReduceParameters;
  readonly reduceMean: ReduceParameters;
  readonly reduceMax: ReduceParameters;
  readonly reduceSumSquare: ReduceParameters;
  readonly reduceL2: ReduceParameters;
  readonly reduceLogSumExp: ReduceParameters;
  readonly argMax: { readonly axis: number; readonly keepDimensions: boolean };
  readonly softmax: { readonly axis: number };
  readonly logSoftmax: { readonly axis: number };

  readonly convolution: ConvolutionParameters;
  readonly convolutionTranspose: ConvolutionParameters & {
    readonly outputPadding: readonly [number, number];
  };

  /**
   * Runs `body` once per slice of the scan inputs (axis 0). The first `states` inputs and outputs
   * are carried from step to step; the other outputs are stacked along a new axis 0.
   */
  readonly scan: { readonly body: Graph; readonly states: number };
}

export type OperatorKind = keyof OperatorParameters;

/** The number of elements, or undefined where a dimension is symbolic. */
export function elementCount(shape: Shape): number | undefined {
  let count = 1;
  for (const dimension of shape) {
    if (typeof dimension === 'string') return undefined;
    count *= dimension;
  }
  return count;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

export function isFloating(type: DataType): boolean {
  return type === 'float32' || type === 'float64';
}

export function printShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
