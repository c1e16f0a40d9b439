import type { Field } from '@unlikely/data/source';
import type { RandomStream } from '@unlikely/graph';
import type { EncodedRows, Feature } from '../column/feature.ts';
import type { LikelihoodKind } from '../likelihood/likelihood.ts';
import type { ModelCore } from '../core.ts';
import { negativeBinomialDraw, poissonDraw } from './draw-count.ts';

/** What the decoder says of the features of rows, [rows, features] in block order, standardised. */
export interface Moments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** A number of a row in its own units, from its mean and variance in standardised ones. */
type Draw = (mean: number, variance: number, feature: Feature, stream: RandomStream) => number;

const gaussianDraw: Draw = (mean, variance, feature, stream) =>
  rawValue(mean + Math.sqrt(variance) * stream.normal(), feature);

/**
 * The closed table of how numbers are drawn. A plain autoencoder says nothing of the spread, so its
 * numbers are means. Indicators stand here for matrices alone: categories are drawn as a whole.
 */
const draws: { readonly [K in LikelihoodKind]: Draw } = {
  gaussian: gaussianDraw,
  bernoulli: gaussianDraw,
  categorical: gaussianDraw,
  poisson: (mean, _, feature, stream) => poissonDraw(rawValue(mean, feature), stream),
  'negative-binomial': (mean, variance, feature, stream) => {
    const rate = rawValue(mean, feature);
    // The inverse of `fromRawMoments`, whose delta method is exact there and back.
    const scale = feature.logarithm ? feature.deviation * (rate + 1) : feature.deviation;
    return negativeBinomialDraw(rate, variance * scale ** 2, stream);
  },
  'squared-error': (mean, _, feature) => rawValue(mean, feature),
};

/**
 * Draws a row from the decoder's distribution for each code. Every column is drawn on its own, given
 * the code. A number is held within the range that training saw: its Gaussian knows no bounds. A
 * category is drawn by its probability, which is the mean of its indicator whatever the likelihood,
 * among those that training knew by name.
 */
export function drawRows(
  core: ModelCore,
  { mean, variance }: Moments,
  rows: number,
  stream: RandomStream,
): EncodedRows {
  const { fields, features, blocks } = core;
  const placed = blocks.flatMap(({ likelihood, features: indices }) =>
    indices.map((index) => ({ likelihood, feature: features[index]! })),
  );
  const places = fields.map((_, field) =>
    placed.flatMap(({ feature }, place) => (feature.field === field ? [place] : [])),
  );
  const width = placed.length;
  const data = new Float64Array(rows * fields.length);
  for (let row = 0; row < rows; row++) {
    fields.forEach((field, index) => {
      const own = places[index]!;
      const [first] = own;
      const at = row * width;
      const drawn =
        placed[first!]!.feature.category === undefined
          ? held(
              draws[placed[first!]!.likelihood](
                mean[at + first!]!,
                variance[at + first!]!,
                placed[first!]!.feature,
                stream,
              ),
              field,
            )
          : drawCategory(
              own.map((place) => ({
                feature: placed[place]!.feature,
                value: rawValue(mean[at + place]!, placed[place]!.feature),
              })),
              field,
              stream,
            );
      data[row * fields.length + index] = drawn;
    });
  }
  return { data, rows };
}

function rawValue(standardised: number, { mean, deviation, logarithm }: Feature): number {
  const value = standardised * deviation + mean;
  return logarithm ? Math.expm1(Math.min(value, 709)) : value;
}

/** The nearest value within what training saw. */
export function held(value: number, field: Field): number {
  if (!('minimum' in field)) return value;
  return Math.min(Math.max(value, field.minimum), field.maximum);
}

function drawCategory(
  indicators: readonly { readonly feature: Feature; readonly value: number }[],
  field: Field,
  stream: RandomStream,
): number {
  const count =
    'categories' in field ? field.categories.length : 'period' in field ? field.period : 0;
  const weights = new Float64Array(count);
  for (const { feature, value } of indicators) {
    if (feature.category! < count) weights[feature.category!] = Math.max(0, value);
  }
  // A binary field has no indicator of its first category: it has what the other leaves.
  if (indicators[0]!.feature.category !== 0 && count > 0) {
    weights[0] = Math.max(0, 1 - (weights[1] ?? 0));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = stream.uniform() * total;
  // The first is the most frequent one: it stands where nothing is likely.
  for (let category = 0; category < count; category++) {
    rest -= weights[category]!;
    if (rest < 0) return category;
  }
  return 0;
}
