import { graphError } from './graph-error.ts';
import type {
  Graph,
  ConvolutionParameters,
  ReduceParameters,
  DataType,
  Dimension,
  Shape,
  Tensor,
  TensorData,
} from './tensor.ts';
import { apply, makeNode } from './make-node.ts';

/** What an elementwise builder takes: a tensor, or a number that becomes a scalar of the same type. */
export type Operand = Tensor | number;

const none = {} as const;

/** A value that the caller gives when the graph runs. */
export function input(name: string, shape: Shape, type: DataType = 'float32'): Tensor {
  return apply('input', [], { name, type, shape });
}

/**
 * Values that are part of the graph.
 *
 * @param values A number, an array of numbers, or a typed array whose element type decides the type;
 *   bytes are `bool` unless `type` says `uint8`.
 * @param shape Defaults to a scalar for a number and to one axis otherwise.
 */
export function constant(
  values: number | readonly number[] | TensorData,
  options: { shape?: readonly number[]; type?: DataType; name?: string } = {},
): Tensor {
  const data = toTensorData(values, options.type);
  const shape = options.shape ?? (typeof values === 'number' ? [] : [data.length]);
  return apply('constant', [], {
    type: dataTypeOf(data, options.type),
    shape,
    data,
    name: options.name,
  });
}

function toTensorData(
  values: number | readonly number[] | TensorData,
  type: DataType = 'float32',
): TensorData {
  if (ArrayBuffer.isView(values)) return values;
  const list = typeof values === 'number' ? [values] : values;
  switch (type) {
    case 'float32':
      return Float32Array.from(list);
    case 'float64':
      return Float64Array.from(list);
    case 'int64':
      return BigInt64Array.from(list, BigInt);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(list);
  }
}

function dataTypeOf(data: TensorData, asked: DataType | undefined): DataType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof BigInt64Array) return 'int64';
  return asked === 'uint8' ? 'uint8' : 'bool';
}

function pair(a: Operand, b: Operand): [Tensor, Tensor] {
  if (typeof a !== 'number') return [a, typeof b === 'number' ? constant(b, { type: a.type }) : b];
  if (typeof b !== 'number') return [constant(a, { type: b.type }), b];
  throw graphError('graph/type', 'expected at least one tensor, got two numbers');
}

type UnaryKind =
  | 'negate'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'softplus'
  | 'not'
  | 'isNaN';

const unary =
  (kind: UnaryKind) =>
  (x: Tensor): Tensor =>
    apply(kind, [x], none);

type BinaryKind =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'less'
  | 'greater'
  | 'and'
  | 'or';

const binary =
  (kind: BinaryKind) =>
  (a: Operand, b: Operand): Tensor =>
    apply(kind, pair(a, b), none);

type Unary = (x: Tensor) => Tensor;
type Binary = (a: Operand, b: Operand) => Tensor;

export const negate: Unary = unary('negate');
export const exp: Unary = unary('exp');
export const log: Unary = unary('log');
export const sqrt: Unary = unary('sqrt');
export const reciprocal: Unary = unary('reciprocal');
export const abs: Unary = unary('abs');
/** −1, 0 or 1; its gradient is zero. */
export const sign: Unary = unary('sign');
/** Its gradient is zero. */
export const floor: Unary = unary('floor');
export const relu: Unary = unary('relu');
export const sigmoid: Unary = unary('sigmoid');
export const tanh: Unary = unary('tanh');
/** log(1 + eˣ). */
export const softplus: Unary = unary('softplus');
export const not: Unary = unary('not');
export const isNaN: Unary = unary('isNaN');

export const add: Binary = binary('add');
export const subtract: Binary = binary('subtract');
export const multiply: Binary = binary('multiply');
export const divide: Binary = binary('divide');
export const power: Binary = binary('power');
export const maximum: Binary = binary('maximum');
export const minimum: Binary = binary('minimum');
export const equal: Binary = binary('equal');
export const less: Binary = binary('less');
export const greater: Binary = binary('greater');
export const and: Binary = binary('and');
export const or: Binary = binary('or');

/**
 * `condition ? a : b`, with broadcasting. The branch that is not taken gets the gradient 0; where its
 * own derivative is infinite there (log at 0), 0 · ∞ is NaN: guard the argument, not the result.
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return apply('where', [condition, ...pair(a, b)], none);
}

export function cast(x: Tensor, type: DataType): Tensor {
  return x.type === type ? x : apply('cast', [x], { type });
}

/** x limited to [low, high]; the gradient is zero outside. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return minimum(maximum(x, low), high);
}

/** Batched matrix product with NumPy broadcasting of the leading axes. */
export function matMul(a: Tensor, b: Tensor): Tensor {
  return apply('matMul', [a, b], none);
}

/** `a · b + bias` for matrices, either of them transposed first. */
export function gemm(
  a: Tensor,
  b: Tensor,
  bias?: Tensor,
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
): Tensor {
  return apply('gemm', bias === undefined ? [a, b] : [a, b, bias], { transposeA, transposeB });
}

export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  return apply('transpose', [x], { permutation });
}

/** Swaps the last two axes. */
export function matrixTranspose(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  const rank = axes.length;
  return transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/** At most one symbolic dimension, which must be that of `x`. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return apply('reshape', [x], { shape });
}

export function expand(x: Tensor, shape: readonly number[]): Tensor {
  return apply('expand', [x], { shape });
}

/** Axes may be negative, counted from the end. */
export function resolveAxis(x: Tensor, axis: number): number {
  return axis < 0 ? axis + x.shape.length : axis;
}

export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const first = tensors[0];
  if (first === undefined) throw graphError('graph/shape', 'concat: nothing to join');
  if (tensors.length === 1) return first;
  return apply('concat', tensors, { axis: resolveAxis(first, axis) });
}

export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  if (sizes.length === 1) return [x];
  return makeNode('split', [x], { axis: resolveAxis(x, axis), sizes }).outputs;
}

export function slice(x: Tensor, start: number, end: number, axis: number): Tensor {
  const resolved = resolveAxis(x, axis);
  if (start === 0 && end === x.shape[resolved]) return x;
  return apply('slice', [x], { axis: resolved, start, end });
}

/** The slices of `x` at `indices` along `axis`, in their order; repeats are allowed. */
export function gather(x: Tensor, indices: readonly number[], axis: number): Tensor {
  return apply('gather', [x], { axis: resolveAxis(x, axis), indices });
}

/** Rows of `x` [K, …] at `indices`, int64 [rows, 1] as `argMax` with kept dimensions gives them: [rows, …]. */
export function gatherRows(x: Tensor, indices: Tensor): Tensor {
  return apply('gatherRows', [x, indices], {});
}

/** Surrounds `x` with zeros; `pads` is [before axis 0, …, after axis 0, …]. */
export function pad(x: Tensor, pads: readonly number[]): Tensor {
  return apply('pad', [x], { pads });
}

/** Inserts an axis of size 1. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const resolved = axis < 0 ? axis + x.shape.length + 1 : axis;
  return reshape(x, [...x.shape.slice(0, resolved), 1, ...x.shape.slice(resolved)]);
}

export interface ReduceOptions {
  /** Defaults to all axes. */
  readonly axes?: readonly number[];
  /** Defaults to false. */
  readonly keepDimensions?: boolean;
}

type ReduceKind =
  'reduceSum' | 'reduceMean' | 'reduceMax' | 'reduceSumSquare' | 'reduceL2' | 'reduceLogSumExp';

/** What a reduction over no axis does to each element. */
const ofScalar: { readonly [K in ReduceKind]: Unary } = {
  reduceSum: (x) => x,
  reduceMean: (x) => x,
  reduceMax: (x) => x,
  reduceLogSumExp: (x) => x,
  reduceSumSquare: (x) => multiply(x, x),
  reduceL2: abs,
};

type Reduce = (x: Tensor, options?: ReduceOptions) => Tensor;

const reduce =
  (kind: ReduceKind): Reduce =>
  (x, { axes, keepDimensions = false } = {}) => {
    const resolved = (axes ?? [...x.shape.keys()]).map((axis) => resolveAxis(x, axis));
    if (resolved.length === 0) return ofScalar[kind](x);
    const parameters: ReduceParameters = { axes: resolved.sort((a, b) => a - b), keepDimensions };
    return apply(kind, [x], parameters);
  };

export const reduceSum: Reduce = reduce('reduceSum');
export const reduceMean: Reduce = reduce('reduceMean');
export const reduceMax: Reduce = reduce('reduceMax');
export const reduceSumSquare: Reduce = reduce('reduceSumSquare');
export const reduceL2: Reduce = reduce('reduceL2');
export const reduceLogSumExp: Reduce = reduce('reduceLogSumExp');

/** The index (int64) of the largest value; the first one among equals. */
export function argMax(x: Tensor, axis: number, keepDimensions = false): Tensor {
  return apply('argMax', [x], { axis: resolveAxis(x, axis), keepDimensions });
}

export function softmax(x: Tensor, axis = -1): Tensor {
  return apply('softmax', [x], { axis: resolveAxis(x, axis) });
}

export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return apply('logSoftmax', [x], { axis: resolveAxis(x, axis) });
}

const plain: ConvolutionParameters = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] };

/** x [N, C, H, W] with kernel [M, C, h, w] → [N, M, H′, W′]; bias [M]. */
export function convolution(
  x: Tensor,
  kernel: Tensor,
  bias?: Tensor,
  parameters: Partial<ConvolutionParameters> = {},
): Tensor {
  const inputs = bias === undefined ? [x, kernel] : [x, kernel, bias];
  return apply('convolution', inputs, { ...plain, ...parameters });
}

/** x [N, M, H, W] with kernel [M, C, h, w] → [N, C, H′, W′]; bias [C]. */
export function convolutionTranspose(
  x: Tensor,
  kernel: Tensor,
  bias?: Tensor,
  parameters: Partial<ConvolutionParameters & { outputPadding: readonly [number, number] }> = {},
): Tensor {
  const inputs = bias === undefined ? [x, kernel] : [x, kernel, bias];
  return apply('convolutionTranspose', inputs, { ...plain, outputPadding: [0, 0], ...parameters });
}

/** Runs `body` over axis 0 of `scanned`, carrying `states`; see `OperatorParameters.scan`. */
export function scan(
  body: Graph,
  states: readonly Tensor[],
  scanned: readonly Tensor[],
): readonly Tensor[] {
  return makeNode('scan', [...states, ...scanned], { body, states: states.length }).outputs;
}

/** A size that must be fixed here, not symbolic. */
export function fixedSize(dimension: Dimension | undefined): number {
  if (typeof dimension === 'number') return dimension;
  throw graphError('graph/shape', `expected a fixed size, got ${String(dimension)}`);
}
