import { add, divide, log, multiply, reciprocal, subtract } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { logTwoPi } from '../../../likelihood/bounded-precision.ts';

/** Shifts the argument to where three terms of the series reach the precision of float32. */
const shift = 4;

/**
 * log Γ(x) for x > 0 by Stirling's series at x + 4 (Abramowitz & Stegun 6.1.41) and the recurrence
 * Γ(x + 1) = x Γ(x). ONNX has no such operator; its gradient follows from the parts.
 */
export function logGamma(x: Tensor): Tensor {
  let product = x;
  for (let step = 1; step < shift; step++) product = multiply(product, add(x, step));
  const y = add(x, shift);
  const inverse = reciprocal(y);
  const square = multiply(inverse, inverse);
  const series = multiply(
    inverse,
    add(1 / 12, multiply(square, add(-1 / 360, divide(square, 1260)))),
  );
  const stirling = add(subtract(multiply(subtract(y, 0.5), log(y)), y), add(series, logTwoPi / 2));
  return subtract(stirling, log(product));
}
