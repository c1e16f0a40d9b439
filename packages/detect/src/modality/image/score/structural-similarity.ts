import {
  add,
  concat,
  constant,
  convolution,
  divide,
  multiply,
  slice,
  subtract,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';

const windowSide = 7;
/** (K₁ L)² and (K₂ L)² with K₁ = .01, K₂ = .03 and the range L = 1. */
const [c1, c2] = [0.01 ** 2, 0.03 ** 2];

/** Means over windows of `side` × `side`, at every place; beyond the edge the image is 0. */
export function windowMeans(x: Tensor, side: number): Tensor {
  const channels = x.shape[1] as number;
  const kernel = constant(new Float32Array(side * side).fill(1 / side ** 2), {
    shape: [1, 1, side, side],
  });
  const margin = (side - 1) / 2;
  const pads = { pads: [margin, margin, margin, margin] } as const;
  if (channels === 1) return convolution(x, kernel, undefined, pads);
  const parts = Array.from({ length: channels }, (_, channel) => slice(x, channel, channel + 1, 1));
  const means = parts.map((part) => convolution(part, kernel, undefined, pads));
  return concat(means, 1);
}

/**
 * 1 − SSIM of x and y [rows, C, H, W] in [0, 1] at every place, [rows, C, H, W] (Wang et al. 2004,
 * equation 13, with uniform windows).
 */
export function structuralDifference(x: Tensor, y: Tensor): Tensor {
  const means = (of: Tensor): Tensor => windowMeans(of, windowSide);
  const [mx, my] = [means(x), means(y)];
  const square = (of: Tensor): Tensor => multiply(of, of);
  const product = multiply(mx, my);
  const [mx2, my2] = [square(mx), square(my)];
  const vx = subtract(means(square(x)), mx2);
  const vy = subtract(means(square(y)), my2);
  const covariance = subtract(means(multiply(x, y)), product);
  const top = multiply(add(multiply(product, 2), c1), add(multiply(covariance, 2), c2));
  const bottom = multiply(add(add(mx2, my2), c1), add(add(vx, vy), c2));
  return subtract(1, divide(top, bottom));
}
