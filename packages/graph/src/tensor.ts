import type { OperatorKind, OperatorParameters } from './operator.ts';

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
