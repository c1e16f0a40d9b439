import { convolution, fixedSize, reduceSum, slice, transpose } from './build.ts';
import { transposedExtent } from './convolution-shape.ts';
import type { ConvolutionParameters, Shape, Tensor } from './tensor.ts';

const swapFirstTwo = (x: Tensor): Tensor => transpose(x, [1, 0, 2, 3]);

/**
 * The kernel gradient of a convolution: a convolution of the transposed operands, batch in the place
 * of channels, in which stride and dilation change places. Where the stride left rows over, the
 * result is larger than the kernel and is cut.
 */
export function kernelGradient(
  x: Tensor,
  dy: Tensor,
  kernel: Shape,
  { strides, pads, dilations }: ConvolutionParameters,
): Tensor {
  const full = convolution(swapFirstTwo(x), swapFirstTwo(dy), undefined, {
    strides: dilations,
    dilations: strides,
    pads,
  });
  const rows = slice(full, 0, fixedSize(kernel[2]), 2);
  return swapFirstTwo(slice(rows, 0, fixedSize(kernel[3]), 3));
}

/** The rows and columns that a transposed convolution cannot know: those which the stride left over. */
export function leftOver(
  x: Shape,
  dy: Shape,
  kernel: Shape,
  p: ConvolutionParameters,
): [number, number] {
  const extra = (axis: 0 | 1): number =>
    fixedSize(x[axis + 2]) - transposedExtent(dy, kernel, axis, p);
  return [extra(0), extra(1)];
}

export function biasGradient(dy: Tensor): Tensor {
  return reduceSum(dy, { axes: [0, 2, 3] });
}
