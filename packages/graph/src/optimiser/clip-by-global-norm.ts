import { add, divide, minimum, multiply, reduceL2, reduceSumSquare, sqrt } from '../build.ts';
import type { Operand } from '../build.ts';
import type { Tensor } from '../tensor.ts';

/** The gradient [P], scaled down where its Euclidean norm exceeds `norm` (Pascanu et al. 2013). */
export function clipByGlobalNorm(gradient: Tensor, norm: Operand): Tensor {
  return multiply(gradient, globalNormScale([gradient], norm));
}

/** The factor [1] that clips a gradient in several vectors by the norm of them all. */
export function globalNormScale(gradients: readonly Tensor[], norm: Operand): Tensor {
  const [first, ...rest] = gradients as readonly [Tensor, ...Tensor[]];
  const square = (gradient: Tensor): Tensor => reduceSumSquare(gradient, { keepDimensions: true });
  const length =
    rest.length === 0
      ? reduceL2(first, { keepDimensions: true })
      : sqrt(rest.reduce((sum, gradient) => add(sum, square(gradient)), square(first)));
  return minimum(divide(norm, length), 1);
}
