import {
  abs,
  add,
  cast,
  clip,
  constant,
  divide,
  gather,
  isNaN,
  log,
  maximum,
  minimum,
  not,
  subtract,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { Feature } from './feature.ts';

/** How far out a standardised value may lie before it is cut: recipe §1. */
const farthest = 1000;

export interface Standardised {
  /** float32 [..., features]; 0, the mean, where missing. */
  readonly features: Tensor;
  /** float32 [..., features]; 1 where present. */
  readonly present: Tensor;
}

/**
 * The part of a program that turns encoded rows, float64 [..., fields] with NaN where missing, into
 * standardised features. It is computed in double, so that a large offset costs no precision, and
 * it is part of every program, so that every host scores the same numbers.
 */
export function standardise(rows: Tensor, features: readonly Feature[]): Standardised {
  const width = rows.shape.at(-1);
  const columns = features.map(({ field }) => field);
  const identity = columns.length === width && columns.every((column, index) => column === index);
  const raw = identity ? rows : gather(rows, columns, -1);
  const missing = isNaN(raw);
  const vector = (value: (feature: Feature) => number): Tensor =>
    constant(Float64Array.from(features, value));
  const flags = (value: (feature: Feature) => boolean): Tensor =>
    constant(Uint8Array.from(features, (feature) => Number(value(feature))));

  let values = where(missing, constant(0, { type: 'float64' }), raw);
  if (features.some(({ logarithm }) => logarithm)) {
    const logarithm = log(add(maximum(values, 0), 1));
    values = where(
      flags((feature) => feature.logarithm),
      logarithm,
      values,
    );
  }
  if (features.some(({ category }) => category !== undefined)) {
    // Categories are whole numbers, so this is 1 where they agree and 0 elsewhere.
    const distance = abs(
      subtract(
        values,
        vector(({ category = 0 }) => category),
      ),
    );
    const indicator = subtract(1, minimum(distance, 1));
    values = where(
      flags(({ category }) => category !== undefined),
      indicator,
      values,
    );
  }
  const centred = subtract(
    values,
    vector(({ mean }) => mean),
  );
  const scaled = divide(
    centred,
    vector(({ deviation }) => deviation),
  );
  const limited = clip(scaled, -farthest, farthest);
  return {
    features: cast(where(missing, constant(0, { type: 'float64' }), limited), 'float32'),
    present: cast(not(missing), 'float32'),
  };
}
