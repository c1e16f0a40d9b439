import { graphError } from './graph-error.ts';
import type {
  OperatorKind,
  OperatorParameters,
  ReduceParameters,
  DataType,
  Shape,
  Tensor,
} from './tensor.ts';
import { convolutionExtent, requireConvolution, transposedExtent } from './convolution-shape.ts';
import {
  broadcastShapes,
  fixed,
  operand,
  reducedShape,
  requireAxis,
  requireIntegers,
  requireType,
  shapeError,
} from './shape-checks.ts';
import { elementCount, printShape, sameShape } from './tensor.ts';

export interface TensorType {
  readonly type: DataType;
  readonly shape: Shape;
}

/**
 * Inputs and parameters → the type and shape of each output; throws `graph/shape` or `graph/type`.
 * The kind is given for the message.
 */
export type ShapeRule<K extends OperatorKind> = (
  inputs: readonly Tensor[],
  parameters: OperatorParameters[K],
  kind: K,
) => readonly TensorType[];

const unary =
  (expected: 'floating' | DataType, result?: DataType) =>
  (inputs: readonly Tensor[], _: unknown, kind: string): readonly TensorType[] => {
    const x = operand(inputs, 0, kind);
    requireType(x, expected, kind);
    return [{ type: result ?? x.type, shape: x.shape }];
  };

const binary =
  (expected: 'floating' | 'any' | DataType, result?: DataType) =>
  (inputs: readonly Tensor[], _: unknown, kind: string): readonly TensorType[] => {
    const a = operand(inputs, 0, kind);
    const b = operand(inputs, 1, kind);
    if (expected !== 'any') requireType(a, expected, kind);
    requireType(b, a.type, kind);
    return [{ type: result ?? a.type, shape: broadcastShapes(a.shape, b.shape, kind) }];
  };

const reduce = (
  inputs: readonly Tensor[],
  { axes, keepDimensions }: ReduceParameters,
  kind: string,
): readonly TensorType[] => {
  const x = operand(inputs, 0, kind);
  requireType(x, 'floating', kind);
  if (axes.length === 0 || axes.some((axis, index) => index > 0 && axis <= axes[index - 1]!)) {
    shapeError(`${kind}: expected ascending axes, got [${axes.join(', ')}]`);
  }
  return [{ type: x.type, shape: reducedShape(x.shape, axes, keepDimensions) }];
};

const alongAxis = (
  inputs: readonly Tensor[],
  { axis }: { readonly axis: number },
  kind: string,
): readonly TensorType[] => {
  const x = operand(inputs, 0, kind);
  requireType(x, 'floating', kind);
  requireAxis(x.shape, axis, kind);
  return [{ type: x.type, shape: x.shape }];
};

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
    const [branch] = binary('any')(inputs.slice(1), undefined, 'where');
    const { type, shape } = branch!;
    if (type === 'bool') {
      throw graphError('graph/type', 'where: expected numbers in its branches, got bool');
    }
    return [{ type, shape: broadcastShapes(condition.shape, shape, 'where') }];
  },

  matMul: (inputs) => {
    const a = operand(inputs, 0, 'matMul');
    const b = operand(inputs, 1, 'matMul');
    requireType(a, 'floating', 'matMul');
    requireType(b, a.type, 'matMul');
    const misfit = `matMul: ${printShape(a.shape)} times ${printShape(b.shape)}`;
    if (a.shape.length < 2 || b.shape.length < 2) shapeError(misfit);
    if (a.shape.at(-1) !== b.shape.at(-2)) shapeError(misfit);
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), misfit);
    return [{ type: a.type, shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!] }];
  },
  gemm: (inputs, { transposeA, transposeB }) => {
    const a = operand(inputs, 0, 'gemm');
    const b = operand(inputs, 1, 'gemm');
    requireType(a, 'floating', 'gemm');
    for (const tensor of inputs) requireType(tensor, a.type, 'gemm');
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
    requireAxis(first.shape, axis, 'concat');
    const rest = reducedShape(first.shape, [axis], true);
    let size = 0;
    for (const x of inputs) {
      requireType(x, first.type, 'concat');
      const fits = x.shape.length === first.shape.length;
      if (!fits || !sameShape(reducedShape(x.shape, [axis], true), rest)) {
        shapeError(`concat: ${printShape(x.shape)} beside ${printShape(first.shape)}`);
      }
      if (inputs.length > 1) size += fixed(x.shape[axis], 'concat');
    }
    const total = inputs.length > 1 ? size : first.shape[axis]!;
    return [{ type: first.type, shape: rest.map((d, a) => (a === axis ? total : d)) }];
  },
  split: (inputs, { axis, sizes }) => {
    const x = operand(inputs, 0, 'split');
    requireAxis(x.shape, axis, 'split');
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
    requireAxis(x.shape, axis, 'slice');
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
  gatherRows: (inputs) => {
    const x = operand(inputs, 0, 'gatherRows');
    const indices = operand(inputs, 1, 'gatherRows');
    requireType(indices, 'int64', 'gatherRows');
    if (x.shape.length < 1 || indices.shape.length !== 2 || indices.shape[1] !== 1) {
      shapeError(
        `gatherRows: expected rows and indices [n, 1], got ${printShape(x.shape)} and ${printShape(indices.shape)}`,
      );
    }
    return [{ type: x.type, shape: [indices.shape[0]!, ...x.shape.slice(1)] }];
  },
  pad: (inputs, { pads }) => {
    const x = operand(inputs, 0, 'pad');
    const rank = x.shape.length;
    if (pads.length !== 2 * rank) shapeError(`pad: ${pads.length} pads for ${printShape(x.shape)}`);
    requireIntegers(pads, 0, 'pad');
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
  argMax: (inputs, { axis, keepDimensions }) => {
    const x = operand(inputs, 0, 'argMax');
    requireType(x, 'floating', 'argMax');
    return [{ type: 'int64', shape: reducedShape(x.shape, [axis], keepDimensions) }];
  },
  softmax: alongAxis,
  logSoftmax: alongAxis,

  convolution: (inputs, parameters) => {
    const [x, w] = requireConvolution(inputs, parameters, 'convolution', 0);
    const extent = (axis: 0 | 1): number => convolutionExtent(x.shape, w.shape, axis, parameters);
    if (extent(0) < 1 || extent(1) < 1) {
      shapeError(
        `convolution: kernel ${printShape(w.shape)} is larger than ${printShape(x.shape)}`,
      );
    }
    return [{ type: x.type, shape: [x.shape[0]!, w.shape[0]!, extent(0), extent(1)] }];
  },
  convolutionTranspose: (inputs, parameters) => {
    const [x, w] = requireConvolution(inputs, parameters, 'convolutionTranspose', 1);
    const { outputPadding } = parameters;
    if (outputPadding.length !== 2)
      shapeError('convolutionTranspose: expected two output paddings');
    requireIntegers(outputPadding, 0, 'convolutionTranspose: output padding');
    if (outputPadding.some((size, axis) => size >= parameters.strides[axis]!)) {
      shapeError('convolutionTranspose: expected output paddings below the strides');
    }
    const extent = (axis: 0 | 1): number =>
      transposedExtent(x.shape, w.shape, axis, parameters) + outputPadding[axis];
    return [{ type: x.type, shape: [x.shape[0]!, w.shape[1]!, extent(0), extent(1)] }];
  },

  scan: (inputs, { body, states }) => {
    if (body.inputs.length !== inputs.length) {
      shapeError(`scan: ${inputs.length} inputs for a body with ${body.inputs.length}`);
    }
    const steps = inputs[states]?.shape[0];
    if (steps === undefined) shapeError('scan: needs at least one scan input');
    if (body.outputs.length < states) {
      shapeError(`scan: ${states} states for a body with ${body.outputs.length} outputs`);
    }
    body.inputs.forEach((expected, index) => {
      const given = inputs[index]!;
      if (index >= states && given.shape[0] !== steps) {
        shapeError(
          `scan: input ${index} has ${given.shape[0]} steps, input ${states} has ${steps}`,
        );
      }
      const shape = index < states ? given.shape : given.shape.slice(1);
      if (!sameShape(shape, expected.shape) || given.type !== expected.type) {
        shapeError(
          `scan: input ${index} is ${given.type}${printShape(given.shape)}, the body takes ${expected.type}${printShape(expected.shape)}`,
        );
      }
    });
    for (const [index, { tensor }] of body.outputs.slice(0, states).entries()) {
      const state = inputs[index]!;
      if (tensor.type !== state.type || !sameShape(tensor.shape, state.shape)) {
        shapeError(
          `scan: state ${index} is ${state.type}${printShape(state.shape)}, the body gives ${tensor.type}${printShape(tensor.shape)}`,
        );
      }
    }
    return body.outputs.map(({ tensor }, index) => ({
      type: tensor.type,
      shape: index < states ? tensor.shape : [steps, ...tensor.shape],
    }));
  },
};
