import type { ConvolutionParameters, Shape, Tensor } from './tensor.ts';
import { fixed, operand, requireIntegers, requireType, shapeError } from './shape-checks.ts';
import { printShape, sameShape } from './tensor.ts';

function spatial(shape: Shape, axis: 0 | 1): number {
  return fixed(shape[axis + 2], 'convolution');
}

/** How far a kernel reaches over its dilated elements. */
function reach(kernel: Shape, axis: 0 | 1, { dilations }: ConvolutionParameters): number {
  return dilations[axis] * (spatial(kernel, axis) - 1) + 1;
}

/** Rows (axis 0) or columns (axis 1) that a convolution gives. */
export function convolutionExtent(
  x: Shape,
  kernel: Shape,
  axis: 0 | 1,
  parameters: ConvolutionParameters,
): number {
  const { strides, pads } = parameters;
  const padded = spatial(x, axis) + pads[axis] + pads[axis + 2]!;
  return Math.floor((padded - reach(kernel, axis, parameters)) / strides[axis]) + 1;
}

/** Rows or columns that a transposed convolution gives, without its output padding. */
export function transposedExtent(
  x: Shape,
  kernel: Shape,
  axis: 0 | 1,
  parameters: ConvolutionParameters,
): number {
  const { strides, pads } = parameters;
  const spread = (spatial(x, axis) - 1) * strides[axis] + reach(kernel, axis, parameters);
  return spread - pads[axis] - pads[axis + 2]!;
}

/** What convolutions in both directions ask of their inputs and parameters; `outputs` is that axis of the kernel. */
export function requireConvolution(
  inputs: readonly Tensor[],
  { strides, pads, dilations }: ConvolutionParameters,
  kind: string,
  outputs: 0 | 1,
): [x: Tensor, kernel: Tensor] {
  const x = operand(inputs, 0, kind);
  const kernel = operand(inputs, 1, kind);
  const bias = inputs[2];
  for (const tensor of inputs) requireType(tensor, 'float32', kind);
  if (
    x.shape.length !== 4 ||
    kernel.shape.length !== 4 ||
    x.shape[1] !== kernel.shape[1 - outputs]
  ) {
    shapeError(`${kind}: ${printShape(x.shape)} with kernel ${printShape(kernel.shape)}`);
  }
  if (bias !== undefined && !sameShape(bias.shape, [kernel.shape[outputs]!])) {
    shapeError(`${kind}: bias ${printShape(bias.shape)} with kernel ${printShape(kernel.shape)}`);
  }
  if (strides.length !== 2 || dilations.length !== 2 || pads.length !== 4) {
    shapeError(`${kind}: expected two strides, two dilations and four pads`);
  }
  requireIntegers([...strides, ...dilations], 1, `${kind}: strides and dilations`);
  requireIntegers(pads, 0, `${kind}: pads`);
  return [x, kernel];
}
