import { graphError } from './graph-error.ts';
import { isFloating, printShape } from './tensor.ts';
import type { DataType, Dimension, Shape, Tensor } from './tensor.ts';

export function shapeError(message: string): never {
  throw graphError('graph/shape', message);
}

export function operand(inputs: readonly Tensor[], index: number, kind: string): Tensor {
  const tensor = inputs[index];
  if (tensor === undefined) shapeError(`${kind}: input ${index} is missing`);
  return tensor;
}

export function requireType(tensor: Tensor, expected: 'floating' | DataType, kind: string): void {
  const fits = expected === 'floating' ? isFloating(tensor.type) : tensor.type === expected;
  if (!fits) {
    throw graphError('graph/type', `${kind}: expected ${expected}, got ${tensor.type}`);
  }
}

/** NumPy broadcasting of two shapes; a symbolic dimension fits only itself and 1. */
export function broadcastShapes(a: Shape, b: Shape, kind = 'broadcast'): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis): Dimension => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    return shapeError(`${kind}: ${printShape(a)} and ${printShape(b)} do not broadcast`);
  });
}

export function requireAxis(shape: Shape, axis: number, kind: string): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
    shapeError(`${kind}: axis ${axis} is not in ${printShape(shape)}`);
  }
}

/** The shape that is left after reducing `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  for (const axis of axes) requireAxis(shape, axis, 'reduction');
  return shape.flatMap((dimension, axis): Dimension[] =>
    axes.includes(axis) ? (keep ? [1] : []) : [dimension],
  );
}

export function fixed(dimension: Dimension | undefined, kind: string): number {
  if (typeof dimension !== 'number') shapeError(`${kind}: needs a fixed size, got ${dimension}`);
  return dimension;
}

export function requireIntegers(values: readonly number[], least: number, what: string): void {
  if (!values.every((value) => Number.isInteger(value) && value >= least)) {
    shapeError(`${what}: expected integers from ${least} up, got [${values.join(', ')}]`);
  }
}
