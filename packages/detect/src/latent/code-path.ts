import { detectError } from '../detect-error.ts';
import type { Matrix } from '../matrix.ts';

export const pathKinds = ['linear', 'spherical'] as const;

/** `linear`: the straight line; `spherical`: the great circle (Shoemake 1985). */
export type PathKind = (typeof pathKinds)[number];

/** The code at a share of the way. */
const places: {
  readonly [K in PathKind]: (from: Float32Array, to: Float32Array, share: number) => Float64Array;
} = {
  linear,
  /**
   * sin((1−t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b, Ω the angle between a and b (Shoemake 1985,
   * "Animating rotation with quaternion curves"). Between codes of equal norm the norm stays, so
   * that the way does not lead through the sparse middle of a many-dimensional Gaussian (White
   * 2016). Where there is no angle, or no plane for it, the line is as good.
   */
  spherical(from, to, share) {
    const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
    const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
    const sine = Math.sin(angle);
    if (!(sine > 1e-6)) return linear(from, to, share);
    const [a, b] = [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
    return Float64Array.from(from, (value, unit) => a * value + b * to[unit]!);
  },
};

function linear(from: Float32Array, to: Float32Array, share: number): Float64Array {
  return Float64Array.from(from, (value, unit) => (1 - share) * value + share * to[unit]!);
}

/**
 * `steps` codes on the way from one code to another, both included and exact; a single step is the
 * first.
 *
 * @throws UnlikelyError `detect/configuration` for a path of another name.
 */
export function codePath(
  from: Float32Array,
  to: Float32Array,
  steps: number,
  path: PathKind,
): Matrix {
  if (!pathKinds.includes(path)) {
    throw detectError(
      'detect/configuration',
      `expected the path to be ${pathKinds.join(' or ')}, got ${String(path)}`,
      { help: 'A straight line is `linear`; `spherical` keeps the norm.' },
    );
  }
  const columns = from.length;
  const data = new Float32Array(steps * columns);
  for (let step = 0; step < steps; step++) {
    const isEnd = step > 0 && step === steps - 1;
    const code = isEnd ? to : step === 0 ? from : places[path](from, to, step / (steps - 1));
    data.set(code, step * columns);
  }
  return { data, rows: steps, columns };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, unit) => sum + value * b[unit]!, 0);
}
