import {
  abs,
  add,
  cast,
  clip,
  concat,
  constant,
  divide,
  gather,
  isNaN,
  log,
  matMul,
  minimum,
  multiply,
  not,
  sign,
  subtract,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { Feature } from './feature.ts';

/** How far out a standardised value counts as it is: recipe §1. */
const farthest = 1000;
/** What a value e times as far out is beyond that. */
const further = 10;
/** Before a logarithm of infinity. */
const largest = 1e300;

export interface Standardised {
  /** float32 [..., features]; 0, the mean, where missing. */
  readonly features: Tensor;
  /** float32 [..., features]; 1 where present. */
  readonly present: Tensor;
}

/**
 * The part of a program that turns encoded rows, float64 [..., fields] with NaN where missing, into
 * standardised features, numbers first as `fitFeatures` orders them. It is part of every program,
 * so that every host scores the same numbers.
 */
export function standardise(rows: Tensor, features: readonly Feature[]): Standardised {
  const numbers = features.filter(({ category }) => category === undefined);
  const indicators = features.filter(({ category }) => category !== undefined);
  const parts = [
    ...(numbers.length === 0 ? [] : [standardNumbers(rows, numbers)]),
    ...(indicators.length === 0 ? [] : [standardIndicators(rows, indicators)]),
  ];
  return {
    features: concat(
      parts.map((part) => part.features),
      -1,
    ),
    present: concat(
      parts.map(({ present }) => present),
      -1,
    ),
  };
}

/** Numbers are standardised in double, so that a large offset costs no precision. */
function standardNumbers(rows: Tensor, features: readonly Feature[]): Standardised {
  const vector = (value: (feature: Feature) => number): Tensor =>
    constant(Float64Array.from(features, value));
  const raw = pickFields(
    rows,
    features.map(({ field }) => field),
  );
  const missing = isNaN(raw);
  const means = vector(({ mean }) => mean);
  const filled = where(missing, means, raw);
  const centred = subtract(logarithms(filled, features), means);
  const scaled = divide(
    centred,
    vector(({ deviation }) => deviation),
  );
  const present = cast(not(missing), 'float32');
  const limited = cast(limitDistance(scaled), 'float32');
  const logarithmic = features.some(({ logarithm }) => logarithm);
  return { features: logarithmic ? multiply(limited, present) : limited, present };
}

/**
 * Numbers up to `farthest` as they are, to the bit; beyond by their logarithm, so that of two rows the one
 * further out is stranger, however far both are.
 */
function limitDistance(scaled: Tensor): Tensor {
  const cut = clip(scaled, -farthest, farthest);
  const beyond = log(divide(clip(abs(scaled), farthest, largest), farthest));
  return add(cut, multiply(multiply(cut, beyond), further / farthest));
}

/**
 * sign(x) log(1 + |x|) of the features that want it. Training rows have none below 0, where it mirrors
 * what lies above, so that a value is the stranger the further below it is.
 */
function logarithms(values: Tensor, features: readonly Feature[]): Tensor {
  if (!features.some(({ logarithm }) => logarithm)) return values;
  const flags = constant(Uint8Array.from(features, ({ logarithm }) => Number(logarithm)));
  return where(flags, multiply(sign(values), log(add(abs(values), 1))), values);
}

/** Category indices are small whole numbers, exact in float32: spread over their indicators by a product. */
function standardIndicators(rows: Tensor, features: readonly Feature[]): Standardised {
  const vector = (value: (feature: Feature) => number): Tensor =>
    constant(Float32Array.from(features, value));
  const fields = [...new Set(features.map(({ field }) => field))];
  const raw = cast(pickFields(rows, fields), 'float32');
  const missing = isNaN(raw);
  const spread = new Float32Array(fields.length * features.length);
  features.forEach(({ field }, index) => {
    spread[fields.indexOf(field) * features.length + index] = 1;
  });
  const owners = constant(spread, { shape: [fields.length, features.length] });
  const codes = matMul(where(missing, 0, raw), owners);
  const present = matMul(cast(not(missing), 'float32'), owners);
  const distance = abs(
    subtract(
      codes,
      vector(({ category = 0 }) => category),
    ),
  );
  const indicator = subtract(1, minimum(distance, 1));
  const centred = subtract(
    indicator,
    vector(({ mean }) => mean),
  );
  const scaled = divide(
    centred,
    vector(({ deviation }) => deviation),
  );
  return { features: multiply(clip(scaled, -farthest, farthest), present), present };
}

function pickFields(rows: Tensor, fields: readonly number[]): Tensor {
  const inPlace = fields.every((field, index) => field === index);
  return inPlace && fields.length === rows.shape.at(-1) ? rows : gather(rows, fields, -1);
}
