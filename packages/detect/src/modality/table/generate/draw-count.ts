import type { RandomStream } from '@unlikely/graph';

/** From here on a Poisson is a normal to within what a table can show, and whole numbers are coarse. */
const normalFrom = 1e4;
/** Most rate for one product of uniforms: e⁻³⁰ is far from the smallest double. */
const productRate = 30;

/**
 * A Poisson variate: the product of uniforms until it falls below e^−λ (Knuth, The Art of Computer
 * Programming 2, §3.4.1), in pieces of the rate, since sums of Poissons are Poisson.
 */
export function poissonDraw(rate: number, stream: RandomStream): number {
  if (!(rate > 0)) return 0;
  if (rate >= normalFrom) {
    return Math.max(0, Math.round(rate + Math.sqrt(rate) * stream.normal()));
  }
  let count = 0;
  for (let left = rate; left > 0; left -= productRate) {
    const limit = Math.exp(-Math.min(left, productRate));
    for (let product = stream.uniform(); product > limit; product *= stream.uniform()) count++;
  }
  return count;
}

/** A negative binomial variate: a Poisson whose rate is Gamma with size μ² / (variance − μ). */
export function negativeBinomialDraw(mean: number, variance: number, stream: RandomStream): number {
  const excess = variance - mean;
  if (!(excess > 1e-9 * mean)) return poissonDraw(mean, stream);
  const size = mean ** 2 / excess;
  return poissonDraw((gammaDraw(size, stream) * mean) / size, stream);
}

/** A Gamma variate of scale 1 (Marsaglia & Tsang 2000; below shape 1 by a power of a uniform). */
function gammaDraw(shape: number, stream: RandomStream): number {
  if (shape < 1) {
    return gammaDraw(shape + 1, stream) * (1 - stream.uniform()) ** (1 / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = stream.normal();
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    const uniform = 1 - stream.uniform();
    if (Math.log(uniform) < 0.5 * normal ** 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
