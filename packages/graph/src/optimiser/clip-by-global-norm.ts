import { divide, minimum, multiply, reduceL2 } from '../build.ts';
import type { Operand } from '../build.ts';
import type { Tensor } from '../tensor.ts';

/** The gradient [P], scaled down where its Euclidean norm exceeds `norm` (Pascanu et al. 2013). */
export function clipByGlobalNorm(gradient: Tensor, norm: Operand): Tensor {
  const length = reduceL2(gradient, { keepDimensions: true });
  return multiply(gradient, minimum(divide(norm, length), 1));
}
