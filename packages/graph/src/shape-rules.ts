import { UnlikelyError } from './error.ts';
import type {
  ConvolutionParameters,
  OperatorKind,
  OperatorParameters,
  ReduceParameters,
} from './operator.ts';
import { elementCount, isFloating, printShape, sameShape } from './tensor.ts';
import type { DataType, Dimension, Shape, Tensor } from './tensor.ts';

export interface TensorType {
  readonly type: DataType;
  readonly shape: Shape;
}

/** Inputs and parameters → the type and shape of each output; throws `graph/shape` or `graph/type`. */
export type ShapeRule<K extends OperatorKind> = (
  inputs: readonly Tensor[],
  parameters: OperatorParameters[K],
) => readonly TensorType[];

function shapeError(message: string): never {
  throw new UnlikelyError('graph/shape', message);
}

function operand(inputs: readonly Tensor[], index: number, kind: string): Tensor {
  const tensor = inputs[index];
  if (tensor === undefined) shapeError(`${kind}: input ${index} is missing`);
  return tensor;
}

function requireType(tensor: Tensor, expected: 'floating' | DataType, kind: string): void {
  const fits = expected === 'floating' ? isFloating(tensor.type) : tensor.type === expected;
  if (!fits) {
    throw new UnlikelyError('graph/type', `${kind}: expected ${expected}, got ${tensor.type}`);
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

const unary =
  (expected: 'floating' | DataType, result?: DataType) =>
  (inputs: readonly Tensor[]): readonly TensorType[] => {
    const x = operand(inputs, 0, 'unary operator');
    requireType(x, expected, 'unary operator');
    return [{ type: result ?? x.type, shape: x.shape }];
  };

const binary =
  (expected: 'floating' | 'any' | DataType, result?: DataType) =>
  (inputs: readonly Tensor[]): readonly TensorType[] => {
    const a = operand(inputs, 0, 'binary operator');
    const b = operand(inputs, 1, 'binary operator');
    if (expected !== 'any') requireType(a, expected, 'binary operator');
    if (a.type !== b.type) {
      throw new UnlikelyError('graph/type', `binary operator: ${a.type} meets ${b.type}`);
    }
    return [{ type: result ?? a.type, shape: broadcastShapes(a.shape, b.shape) }];
  };

const reduce = (inputs: readonly Tensor[], parameters: ReduceParameters): readonly TensorType[] => {
  const x = operand(inputs, 0, 'reduction');
  requireType(x, 'floating', 'reduction');
  return [
    { type: x.type, shape: reducedShape(x.shape, parameters.axes, parameters.keepDimensions) },
  ];
};

/** The shape that is left after reducing `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  for (const axis of axes) {
    if (axis < 0 || axis >= shape.length) shapeError(`axis ${axis} is not in ${printShape(shape)}`);
  }
  return shape.flatMap((dimension, axis): Dimension[] =>
    axes.includes(axis) ? (keep ? [1] : []) : [dimension],
  );
}

const alongAxis = (inputs: readonly Tensor[], { axis }: { readonly axis: number }) => {
  const x = operand(inputs, 0, 'softmax');
  requireType(x, 'floating', 'softmax');
  if (axis < 0 || axis >= x.shape.length)
    shapeError(`axis ${axis} is not in ${printShape(x.shape)}`);
  return [{ type: x.type, shape: x.shape }];
};

function fixed(dimension: Dimension | undefined, kind: string): number {
  if (typeof dimension !== 'number') shapeError(`${kind}: needs a fixed size, got ${dimension}`);
  return dimension;
}

function spatial(shape: Shape, axis: number, kind: string): number {
  return fixed(shape[axis + 2], kind);
}

function convolutionExtent(
  size: number,
  kernel: number,
  axis: 0 | 1,
  { strides, pads, dilations }: ConvolutionParameters,
): number {
  const padded = size + pads[axis] + pads[axis + 2]!;
  return Math.floor((padded - dilations[axis] * (kernel - 1) - 1) / strides[axis]) + 1;
}

/** The closed table of shape rules. */
export const shapeRules: { readonly [K in OperatorKind]: ShapeRule<K> } = {
  input: (_, { type, shape }) => [{ type, shape }],
  constant: (_, { type, shape, data }) => {
    if (elementCount(shape) !== data.length) {
      shapeError(`constant: ${data.length} values do not fill ${printShape(shape)}`);
    }
    return [{ type, shape }];
  },

  negate: unary('floating'),
  exp: unary('floating'),
  log: unary('floating'),
  sqrt: unary('floating'),
  reciprocal: unary('floating'),
  abs: unary('floating'),
  sign: unary('floating'),
  floor: unary('floating'),
  relu: unary('floating'),
  sigmoid: unary('floating'),
  tanh: unary('floating'),
  softplus: unary('float32'),
  not: unary('bool'),
  isNaN: unary('floating', 'bool'),
  cast: (inputs, { type }) => [{ type, shape: operand(inputs, 0, 'cast').shape }],

  add: binary('floating'),
  subtract: binary('floating'),
  multiply: binary('floating'),
  divide: binary('floating'),
  power: binary('floating'),
  maximum: binary('floating'),
  minimum: binary('floating'),
  equal: binary('any', 'bool'),
  less: binary('floating', 'bool'),
  greater: binary('floating', 'bool'),
  and: binary('bool'),
  or: binary('bool'),
  where: (inputs) => {
    const condition = operand(inputs, 0, 'where');
    requireType(condition, 'bool', 'where');
    const [branch] = binary('any')(inputs.slice(1));
    return [
      { type: branch!.type, shape: broadcastShapes(condition.shape, branch!.shape, 'where') },
    ];
  },

  matMul: (inputs) => {
    const a = operand(inputs, 0, 'matMul');
    const b = operand(inputs, 1, 'matMul');
    requireType(a, 'floating', 'matMul');
    const misfit = `matMul: ${printShape(a.shape)} times ${printShape(b.shape)}`;
    if (a.shape.length < 2 || b.shape.length < 2 || a.type !== b.type) shapeError(misfit);
    if (a.shape.at(-1) !== b.shape.at(-2)) shapeError(misfit);
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), misfit);
    return [{ type: a.type, shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!] }];
  },
  gemm: (inputs, { transposeA, transposeB }) => {
    const a = operand(inputs, 0, 'gemm');
    const b = operand(inputs, 1, 'gemm');
    requireType(a, 'floating', 'gemm');
    const misfit = `gemm: ${printShape(a.shape)} times ${printShape(b.shape)}`;
    if (a.shape.length !== 2 || b.shape.length !== 2) shapeError(misfit);
    const [rows, inner] = transposeA ? [...a.shape].reverse() : a.shape;
    const [match, columns] = transposeB ? [...b.shape].reverse() : b.shape;
    if (inner !== match) shapeError(misfit);
    const shape = [rows!, columns!];
    const bias = inputs[2];
    if (bias !== undefined && !sameShape(broadcastShapes(shape, bias.shape, 'gemm'), shape)) {
      shapeError(`gemm: bias ${printShape(bias.shape)} does not fit ${printShape(shape)}`);
    }
    return [{ type: a.type, shape }];
  },

  transpose: (inputs, { permutation }) => {
    const x = operand(inputs, 0, 'transpose');
    const sorted = [...permutation].sort((a, b) => a - b);
    if (!sameShape(sorted, [...x.shape.keys()])) {
      shapeError(`transpose: [${permutation.join(', ')}] permutes no ${printShape(x.shape)}`);
    }
    return [{ type: x.type, shape: permutation.map((axis) => x.shape[axis]!) }];
  },
  reshape: (inputs, { shape }) => {
    const x = operand(inputs, 0, 'reshape');
    const misfit = `reshape: ${printShape(x.shape)} to ${printShape(shape)}`;
    const symbols = (s: Shape): string[] => s.filter((d) => typeof d === 'string').sort();
    const sizes = (s: Shape): Shape => s.filter((d) => typeof d === 'number');
    if (symbols(shape).length > 1 || !sameShape(symbols(x.shape), symbols(shape)))
      shapeError(misfit);
    if (elementCount(sizes(x.shape)) !== elementCount(sizes(shape))) shapeError(misfit);
    return [{ type: x.type, shape }];
  },
  expand: (inputs, { shape }) => {
    const x = operand(inputs, 0, 'expand');
    if (!sameShape(broadcastShapes(x.shape, shape, 'expand'), shape)) {
      shapeError(`expand: ${printShape(x.shape)} to ${printShape(shape)}`);
    }
    return [{ type: x.type, shape }];
  },
  concat: (inputs, { axis }) => {
    const first = operand(inputs, 0, 'concat');
    const rest = reducedShape(first.shape, [axis], true);
    let size = 0;
    for (const x of inputs) {
      if (!sameShape(reducedShape(x.shape, [axis], true), rest) || x.type !== first.type) {
        shapeError(`concat: ${printShape(x.shape)} beside ${printShape(first.shape)}`);
      }
      if (inputs.length > 1) size += fixed(x.shape[axis], 'concat');
    }
    const total = inputs.length > 1 ? size : first.shape[axis]!;
    return [{ type: first.type, shape: rest.map((d, a) => (a === axis ? total : d)) }];
  },
  split: (inputs, { axis, sizes }) => {
    const x = operand(inputs, 0, 'split');
    if (x.shape[axis] !== sizes.reduce((sum, size) => sum + size, 0)) {
      shapeError(
        `split: [${sizes.join(', ')}] does not add up to axis ${axis} of ${printShape(x.shape)}`,
      );
    }
    return sizes.map((size) => ({
      type: x.type,
      shape: x.shape.map((d, a) => (a === axis ? size : d)),
    }));
  },
  slice: (inputs, { axis, start, end }) => {
    const x = operand(inputs, 0, 'slice');
    const size = fixed(x.shape[axis], 'slice');
    if (start < 0 || end > size || start >= end) {
      shapeError(`slice: ${start}…${end} is not within axis ${axis} of ${printShape(x.shape)}`);
    }
    return [{ type: x.type, shape: x.shape.map((d, a) => (a === axis ? end - start : d)) }];
  },
  gather: (inputs, { axis, indices }) => {
    const x = operand(inputs, 0, 'gather');
    const size = fixed(x.shape[axis], 'gather');
    const outside = indices.find((index) => index < 0 || index >= size);
    if (outside !== undefined) {
      shapeError(`gather: ${outside} is not within axis ${axis} of ${printShape(x.shape)}`);
    }
    return [{ type: x.type, shape: x.shape.map((d, a) => (a === axis ? indices.length : d)) }];
  },
  pad: (inputs, { pads }) => {
    const x = operand(inputs, 0, 'pad');
    const rank = x.shape.length;
    if (pads.length !== 2 * rank) shapeError(`pad: ${pads.length} pads for ${printShape(x.shape)}`);
    return [
      {
        type: x.type,
        shape: x.shape.map((d, axis) => {
          const extra = pads[axis]! + pads[axis + rank]!;
          return extra === 0 ? d : fixed(d, 'pad') + extra;
        }),
      },
    ];
  },

  reduceSum: reduce,
  reduceMean: reduce,
  reduceMax: reduce,
  reduceSumSquare: reduce,
  reduceL2: reduce,
  reduceLogSumExp: reduce,
  argMax: (inputs, { axis, keepDimensions }) => [
    {
      type: 'int64',
      shape: reducedShape(operand(inputs, 0, 'argMax').shape, [axis], keepDimensions),
    },
  ],
  softmax: alongAxis,
  logSoftmax: alongAxis,

  convolution: (inputs, parameters) => {
    const x = operand(inputs, 0, 'convolution');
    const w = operand(inputs, 1, 'convolution');
    requireType(x, 'float32', 'convolution');
    if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[1] !== w.shape[1]) {
      shapeError(`convolution: ${printShape(x.shape)} with kernel ${printShape(w.shape)}`);
    }
    const extent = (axis: 0 | 1): number =>
      convolutionExtent(
        spatial(x.shape, axis, 'convolution'),
        spatial(w.shape, axis, 'convolution'),
        axis,
        parameters,
      );
    if (extent(0) < 1 || extent(1) < 1) {
      shapeError(
        `convolution: kernel ${printShape(w.shape)} is larger than ${printShape(x.shape)}`,
      );
    }
    return [{ type: x.type, shape: [x.shape[0]!, w.shape[0]!, extent(0), extent(1)] }];
  },
  convolutionTranspose: (inputs, { strides, pads, dilations, outputPadding }) => {
    const x = operand(inputs, 0, 'convolutionTranspose');
    const w = operand(inputs, 1, 'convolutionTranspose');
    requireType(x, 'float32', 'convolutionTranspose');
    if (x.shape.length !== 4 || w.shape.length !== 4 || x.shape[1] !== w.shape[0]) {
      shapeError(`convolutionTranspose: ${printShape(x.shape)} with kernel ${printShape(w.shape)}`);
    }
    const extent = (axis: 0 | 1): number =>
      (spatial(x.shape, axis, 'convolutionTranspose') - 1) * strides[axis] +
      dilations[axis] * (spatial(w.shape, axis, 'convolutionTranspose') - 1) +
      1 +
      outputPadding[axis] -
      pads[axis] -
      pads[axis + 2]!;
    return [{ type: x.type, shape: [x.shape[0]!, w.shape[1]!, extent(0), extent(1)] }];
  },

  scan: (inputs, { body, states }) => {
    if (body.inputs.length !== inputs.length) {
      shapeError(`scan: ${inputs.length} inputs for a body with ${body.inputs.length}`);
    }
    const steps = inputs[states]?.shape[0];
    if (steps === undefined) shapeError('scan: needs at least one scan input');
    body.inputs.forEach((expected, index) => {
      const given = inputs[index]!;
      const shape = index < states ? given.shape : given.shape.slice(1);
      if (!sameShape(shape, expected.shape) || given.type !== expected.type) {
        shapeError(
          `scan: input ${index} is ${given.type}${printShape(given.shape)}, the body takes ${expected.type}${printShape(expected.shape)}`,
        );
      }
    });
    return body.outputs.map(({ tensor }, index) => ({
      type: tensor.type,
      shape: index < states ? tensor.shape : [steps, ...tensor.shape],
    }));
  },
};
