/**
 * Box & Muller, "A note on the generation of random normal deviates", 1958:
 * `sqrt(-2 log u) (cos 2πv, sin 2πv)` of two uniforms is a pair of independent normals.
 *
 * The logarithm, sine and cosine are series of this file, not those of `Math`: the standard leaves
 * the accuracy of `Math.log` to the engine, while sums, products and `Math.sqrt` are exact
 * everywhere, so noise is the same to the bit in Node and in any browser. They are also faster here,
 * since the arguments are 32-bit words: the octant and the exponent are read from the bits.
 * Their errors (below 1e-9) vanish in float32.
 */

const LN2 = 0.6931471805599453;
const HALF_SQRT2 = 0.7071067811865476;
const ANGLE_SCALE = Math.PI / 4 / 0x2000_0000;

/** 2^(shift - 32), which moves a word with `shift` leading zeros into [1/2, 1). */
const normaliser = Float64Array.from({ length: 33 }, (_, shift) => 2 ** (shift - 32));

/** Writes one normal for each word; both arrays have the same even length. */
export function boxMuller(words: Int32Array, out: Float32Array): void {
  for (let index = 0; index + 1 < words.length; index += 2) {
    const radius = Math.sqrt(minusTwoLog(words[index]!));

    const angle = words[index + 1]!;
    const octant = angle >>> 29;
    // Odd octants run backwards, so that the argument of the series stays within [0, π/4].
    const step = (octant & 1) === 0 ? angle & 0x1fff_ffff : ~angle & 0x1fff_ffff;
    const x = (step + 0.5) * ANGLE_SCALE;
    const x2 = x * x;
    const sine = x * (1 + x2 * (-1 / 6 + x2 * (1 / 120 + x2 * (-1 / 5040 + x2 * (1 / 362880)))));
    const cosine =
      1 + x2 * (-1 / 2 + x2 * (1 / 24 + x2 * (-1 / 720 + x2 * (1 / 40320 - x2 / 3628800))));

    const isSwapped = ((octant + 1) & 2) !== 0;
    const horizontal = isSwapped ? sine : cosine;
    const vertical = isSwapped ? cosine : sine;
    out[index] = radius * (((octant + 2) & 4) === 0 ? horizontal : -horizontal);
    out[index + 1] = radius * ((octant & 4) === 0 ? vertical : -vertical);
  }
}

/** -2 log((word + 1/2) / 2^32), by the series of the inverse hyperbolic tangent about 1. */
function minusTwoLog(word: number): number {
  let exponent = Math.clz32(word);
  let mantissa = ((word >>> 0) + 0.5) * normaliser[exponent]!;
  if (mantissa < HALF_SQRT2) {
    mantissa *= 2;
    exponent += 1;
  }
  const s = (1 - mantissa) / (1 + mantissa);
  const s2 = s * s;
  const series =
    s * (1 + s2 * (1 / 3 + s2 * (1 / 5 + s2 * (1 / 7 + s2 * (1 / 9 + s2 * (1 / 11))))));
  return 4 * series + 2 * LN2 * exponent;
}
