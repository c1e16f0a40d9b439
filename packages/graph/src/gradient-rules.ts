import {
  cast,
  concat,
  convolution,
  convolutionTranspose,
  equal,
  exp,
  expand,
  fixedSize,
  gemm,
  greater,
  less,
  log,
  matMul,
  matrixTranspose,
  multiply,
  negate,
  not,
  constant,
  divide,
  pad,
  power,
  reduceSum,
  reshape,
  sigmoid,
  sign,
  slice,
  split,
  subtract,
  transpose,
  where,
} from './build.ts';
import { biasGradient, kernelGradient, leftOver } from './convolution-gradient.ts';
import { keepReduced, materialize, unbroadcast } from './gradient-shape.ts';
import type { OperatorKind, Node, Tensor } from './tensor.ts';
import { elementCount } from './tensor.ts';

/**
 * The gradients of a loss by a node's outputs → its gradients by the inputs, in order; undefined
 * where an input has none. A gradient has the rank of its tensor, but may be of size 1 along an axis
 * where it is one number (the gradient of a sum is one number), which saves the nodes that would
 * fill it up; `materialize` fills it where a rule needs every element.
 */
export type GradientRule<K extends OperatorKind> = (
  gradients: readonly (Tensor | undefined)[],
  node: Node<K>,
) => readonly (Tensor | undefined)[];

/** Marks operators whose result does not change smoothly with their inputs. */
export const notDifferentiable = 'not differentiable';

type One = readonly [Tensor];

/** One input, one output, elementwise: `derive(dy, x, y)`. */
const elementwise =
  (derive: (dy: Tensor, x: Tensor, y: Tensor) => Tensor) =>
  (gradients: readonly (Tensor | undefined)[], node: Node): One => [
    derive(gradients[0]!, node.inputs[0]!, node.outputs[0]!),
  ];

/** Two broadcast inputs: one derivative for each. */
const broadcasting =
  (
    left: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
    right: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  ) =>
  (gradients: readonly (Tensor | undefined)[], node: Node): [Tensor, Tensor] => {
    const [a, b] = node.inputs as [Tensor, Tensor];
    const y = node.outputs[0]!;
    const dy = gradients[0]!;
    return [
      unbroadcast(left(dy, a, b, y), y.shape, a.shape),
      unbroadcast(right(dy, a, b, y), y.shape, b.shape),
    ];
  };

function isNeverZero({ node }: Tensor): boolean {
  return node.kind === 'constant' && (node as Node<'constant'>).parameters.data.every(Boolean);
}

const toFloat = (mask: Tensor, like: Tensor): Tensor => cast(mask, like.type);

/** Reductions whose gradient is `derive(dy with axes kept, x, y with axes kept)`. */
const reduction =
  (derive: (dy: Tensor, x: Tensor, y: Tensor, axes: readonly number[]) => Tensor) =>
  (
    gradients: readonly (Tensor | undefined)[],
    node: Node<
      'reduceSum' | 'reduceMean' | 'reduceMax' | 'reduceSumSquare' | 'reduceL2' | 'reduceLogSumExp'
    >,
  ): One => {
    const x = node.inputs[0]!;
    const y = keepReduced(node.outputs[0]!, x, node.parameters);
    return [derive(keepReduced(gradients[0]!, x, node.parameters), x, y, node.parameters.axes)];
  };

/** The closed table of gradients. */
export const gradientRules: {
  readonly [K in OperatorKind]: GradientRule<K> | typeof notDifferentiable;
} = {
  input: () => [],
  constant: () => [],

  negate: elementwise((dy) => negate(dy)),
  exp: elementwise((dy, _, y) => multiply(dy, y)),
  log: elementwise((dy, x) => divide(dy, x)),
  sqrt: elementwise((dy, _, y) => divide(multiply(dy, 0.5), y)),
  reciprocal: elementwise((dy, _, y) => negate(multiply(dy, multiply(y, y)))),
  abs: elementwise((dy, x) => multiply(dy, sign(x))),
  sign: notDifferentiable,
  floor: notDifferentiable,
  relu: elementwise((dy, _, y) => multiply(dy, sign(y))),
  sigmoid: elementwise((dy, _, y) => multiply(dy, multiply(y, subtract(1, y)))),
  tanh: elementwise((dy, _, y) => multiply(dy, subtract(1, multiply(y, y)))),
  softplus: elementwise((dy, x) => multiply(dy, sigmoid(x))),
  not: notDifferentiable,
  isNaN: notDifferentiable,
  cast: ([dy], node) => {
    const { type } = node.inputs[0]!;
    return [type === 'float32' || type === 'float64' ? cast(dy!, type) : undefined];
  },

  add: broadcasting(
    (dy) => dy,
    (dy) => dy,
  ),
  subtract: broadcasting(
    (dy) => dy,
    (dy) => negate(dy),
  ),
  multiply: broadcasting(
    (dy, _, b) => multiply(dy, b),
    (dy, a) => multiply(dy, a),
  ),
  divide: broadcasting(
    (dy, _, b) => divide(dy, b),
    (dy, _, b, y) => negate(divide(multiply(dy, y), b)),
  ),
  power: broadcasting(
    // a⁰ is 1 everywhere, so its slope is 0, also at a = 0 where 0 · 0⁻¹ would be no number.
    (dy, a, b) => {
      const slope = multiply(b, power(a, subtract(b, 1)));
      return multiply(dy, isNeverZero(b) ? slope : where(equal(b, 0), 0, slope));
    },
    // 0ᵇ is 0 for every b > 0, so its slope is 0, where 0 · log 0 would be no number.
    (dy, a, _, y) => multiply(dy, where(equal(a, 0), 0, multiply(y, log(a)))),
  ),
  // Of two equal values the first takes the whole gradient.
  maximum: broadcasting(
    (dy, a, b) => multiply(dy, toFloat(not(less(a, b)), dy)),
    (dy, a, b) => multiply(dy, toFloat(less(a, b), dy)),
  ),
  minimum: broadcasting(
    (dy, a, b) => multiply(dy, toFloat(not(greater(a, b)), dy)),
    (dy, a, b) => multiply(dy, toFloat(greater(a, b), dy)),
  ),
  equal: notDifferentiable,
  less: notDifferentiable,
  greater: notDifferentiable,
  and: notDifferentiable,
  or: notDifferentiable,
  where: ([dy], node) => {
    const [condition, a, b] = node.inputs as [Tensor, Tensor, Tensor];
    const { shape } = node.outputs[0]!;
    const zero = constant(0, { type: dy!.type });
    return [
      undefined,
      unbroadcast(where(condition, dy!, zero), shape, a.shape),
      unbroadcast(where(condition, zero, dy!), shape, b.shape),
    ];
  },

  matMul: ([gradient], node) => {
    const [a, b] = node.inputs as [Tensor, Tensor];
    const { shape } = node.outputs[0]!;
    const dy = materialize(gradient!, shape);
    const da = matMul(dy, matrixTranspose(b));
    const db = matMul(matrixTranspose(a), dy);
    return [unbroadcast(da, da.shape, a.shape), unbroadcast(db, db.shape, b.shape)];
  },
  gemm: ([gradient], node) => {
    const [a, b, bias] = node.inputs as [Tensor, Tensor, Tensor | undefined];
    const { transposeA, transposeB } = node.parameters;
    const { shape } = node.outputs[0]!;
    const dy = materialize(gradient!, shape);
    const da = transposeA
      ? gemm(b, dy, undefined, { transposeA: transposeB, transposeB: true })
      : gemm(dy, b, undefined, { transposeB: !transposeB });
    const db = transposeB
      ? gemm(dy, a, undefined, { transposeA: true, transposeB: transposeA })
      : gemm(a, dy, undefined, { transposeA: !transposeA });
    return bias === undefined ? [da, db] : [da, db, unbroadcast(dy, shape, bias.shape)];
  },

  transpose: ([gradient], node) => {
    const { permutation } = node.parameters;
    const dy = materialize(gradient!, node.outputs[0]!.shape);
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [transpose(dy, inverse)];
  },
  reshape: ([gradient], node) => {
    const x = node.inputs[0]!;
    if (elementCount(gradient!.shape) === 1)
      return [
        reshape(
          gradient!,
          x.shape.map(() => 1),
        ),
      ];
    return [reshape(materialize(gradient!, node.outputs[0]!.shape), x.shape)];
  },
  expand: ([dy], node) => [unbroadcast(dy!, node.outputs[0]!.shape, node.inputs[0]!.shape)],
  concat: ([gradient], node) => {
    const { axis } = node.parameters;
    const dy = materialize(gradient!, node.outputs[0]!.shape);
    return split(
      dy,
      node.inputs.map((x) => fixedSize(x.shape[axis])),
      axis,
    );
  },
  split: (gradients, node) => {
    const parts = node.outputs.map((output, index) => {
      const dy = gradients[index];
      if (dy !== undefined) return materialize(dy, output.shape);
      return expand(constant(0, { type: output.type }), output.shape.map(fixedSize));
    });
    return [concat(parts, node.parameters.axis)];
  },
  slice: ([gradient], node) => {
    const { axis, start, end } = node.parameters;
    const x = node.inputs[0]!;
    const dy = materialize(gradient!, node.outputs[0]!.shape);
    const before = x.shape.map((_, a) => (a === axis ? start : 0));
    const after = x.shape.map((size, a) => (a === axis ? fixedSize(size) - end : 0));
    return [pad(dy, [...before, ...after])];
  },
  // Its gradient would be a scatter, which no program needs: columns are picked before the parameters enter.
  gather: notDifferentiable,
  gatherRows: notDifferentiable,
  pad: ([gradient], node) => {
    const x = node.inputs[0]!;
    let dy = materialize(gradient!, node.outputs[0]!.shape);
    x.shape.forEach((size, axis) => {
      const before = node.parameters.pads[axis]!;
      const total = node.outputs[0]!.shape[axis];
      if (total !== size) dy = slice(dy, before, before + fixedSize(size), axis);
    });
    return [dy];
  },

  reduceSum: reduction((dy) => dy),
  reduceMean: reduction((dy, x, _, axes) =>
    divide(
      dy,
      axes.reduce((count, axis) => count * fixedSize(x.shape[axis]), 1),
    ),
  ),
  // Equal maxima share the gradient.
  reduceMax: ([gradient], node) => {
    const x = node.inputs[0]!;
    const mask = toFloat(equal(x, keepReduced(node.outputs[0]!, x, node.parameters)), x);
    const ties = reduceSum(mask, { axes: node.parameters.axes, keepDimensions: true });
    return [multiply(divide(keepReduced(gradient!, x, node.parameters), ties), mask)];
  },
  reduceSumSquare: reduction((dy, x) => multiply(multiply(dy, 2), x)),
  // At the origin, where the norm has a kink, the gradient is zero.
  reduceL2: reduction((dy, x, y) => multiply(where(equal(y, 0), 0, divide(dy, y)), x)),
  reduceLogSumExp: reduction((dy, x, y) => multiply(dy, exp(subtract(x, y)))),
  argMax: notDifferentiable,
  softmax: ([dy], node) => {
    const y = node.outputs[0]!;
    const axes = [node.parameters.axis];
    const mean = reduceSum(multiply(dy!, y), { axes, keepDimensions: true });
    return [multiply(y, subtract(dy!, mean))];
  },
  logSoftmax: ([gradient], node) => {
    const y = node.outputs[0]!;
    const dy = materialize(gradient!, y.shape);
    const sum = reduceSum(dy, { axes: [node.parameters.axis], keepDimensions: true });
    return [subtract(dy, multiply(exp(y), sum))];
  },

  convolution: ([gradient], node) => {
    const [x, kernel, bias] = node.inputs as [Tensor, Tensor, Tensor | undefined];
    const { shape } = node.outputs[0]!;
    const dy = materialize(gradient!, shape);
    const { strides, pads, dilations } = node.parameters;
    const dx = convolutionTranspose(dy, kernel, undefined, {
      strides,
      pads,
      dilations,
      outputPadding: leftOver(x.shape, shape, kernel.shape, node.parameters),
    });
    const dKernel = kernelGradient(x, dy, kernel.shape, node.parameters);
    return bias === undefined ? [dx, dKernel] : [dx, dKernel, biasGradient(dy)];
  },
  convolutionTranspose: ([gradient], node) => {
    const [x, kernel, bias] = node.inputs as [Tensor, Tensor, Tensor | undefined];
    const { strides, pads, dilations } = node.parameters;
    const dy = materialize(gradient!, node.outputs[0]!.shape);
    const dx = convolution(dy, kernel, undefined, { strides, pads, dilations });
    const dKernel = kernelGradient(dy, x, kernel.shape, node.parameters);
    return bias === undefined ? [dx, dKernel] : [dx, dKernel, biasGradient(dy)];
  },

  // The training program is made of a body that is differentiated before it is scanned.
  scan: notDifferentiable,
};
