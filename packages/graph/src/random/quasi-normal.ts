import { checkInteger } from './check-number.ts';
import { normalQuantile } from './normal-quantile.ts';
import { RandomStream } from './random-stream.ts';

/** How many random columns compete for each dimension: 256 x 64 points then take some 70 ms. */
const candidates = 32;

/**
 * A fixed set of `points` in `dimensions` (both up to 65,536) that stands for a standard normal:
 * row-major float32, the same for the same arguments.
 *
 * An antithetic Latin hypercube: in every dimension the absolute values are the centres of
 * `points / 2` equally likely strata of |Z|; their order and signs differ from dimension to
 * dimension, chosen among random ones for small correlations with the dimensions before. Rows 2k
 * and 2k + 1 are each other's negatives, so the mean is exactly zero when `points` is even. Each
 * dimension is scaled to unit second moment, which makes tiny sets sensible: 2 points are ±1. An odd
 * number adds the origin as its last row; 1 point is the origin alone. For random two-layer networks
 * in 8 dimensions its error at 32 points was a fifth of that of random points, and two thirds of that
 * of an antithetic Kronecker sequence.
 *
 * Source: McKay, Beckman, Conover 1979 (Latin hypercubes); Hammersley & Morton 1956 (antithetic).
 */
export function quasiNormal(points: number, dimensions: number): Float32Array {
  checkInteger('points', points, 1, 65_536);
  checkInteger('dimensions', dimensions, 1, 65_536);
  const pairs = Math.floor(points / 2);
  const magnitudes = strataOfHalfNormal(pairs, points);
  const stream = new RandomStream(points, 'quasi-normal');
  const out = new Float32Array(points * dimensions);
  const columns: Float64Array[] = [];
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const column = leastCorrelated(columns, magnitudes, stream);
    // Beyond as many columns as pairs none can be orthogonal to all; the latest ones count.
    columns.push(column);
    if (columns.length > 64) columns.shift();
    column.forEach((value, pair) => {
      out[2 * pair * dimensions + dimension] = value;
      out[(2 * pair + 1) * dimensions + dimension] = -value;
    });
  }
  return out;
}

/** The centres of `pairs` strata of |Z|, scaled so that the whole set has unit second moment. */
function strataOfHalfNormal(pairs: number, points: number): Float64Array {
  const centres = Float64Array.from({ length: pairs }, (_, stratum) =>
    normalQuantile(0.5 + (stratum + 0.5) / (2 * pairs)),
  );
  const scale = Math.sqrt(points / (2 * dot(centres, centres)));
  return centres.map((centre) => centre * scale);
}

function leastCorrelated(
  columns: readonly Float64Array[],
  magnitudes: Float64Array,
  stream: RandomStream,
): Float64Array {
  let best = randomColumn(magnitudes, stream);
  let bestPenalty = penalty(best, columns);
  for (let trial = 1; trial < candidates && bestPenalty > 0; trial++) {
    const column = randomColumn(magnitudes, stream);
    const columnPenalty = penalty(column, columns);
    if (columnPenalty < bestPenalty) {
      best = column;
      bestPenalty = columnPenalty;
    }
  }
  return best;
}

function randomColumn(magnitudes: Float64Array, stream: RandomStream): Float64Array {
  const order = stream.permutation(magnitudes.length);
  return Float64Array.from(order, (stratum) => {
    const magnitude = magnitudes[stratum]!;
    return stream.uint32() < 0x8000_0000 ? magnitude : -magnitude;
  });
}

function penalty(column: Float64Array, columns: readonly Float64Array[]): number {
  return columns.reduce((sum, other) => sum + dot(column, other) ** 2, 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
