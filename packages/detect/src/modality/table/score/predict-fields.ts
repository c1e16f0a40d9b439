import {
  add,
  argMax,
  cast,
  concat,
  constant,
  exp,
  gather,
  maximum,
  minimum,
  multiply,
  reduceMean,
  sqrt,
  subtract,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import type { Feature } from '../column/feature.ts';
import type { ModelCore } from '../core.ts';

/** 90 % of a normal distribution lies within this many deviations. */
const ninetyPercent = 1.6448536269514722;

/**
 * What the model expected of each field, from the mixture over members and latent points: for a
 * number its mean and 90 % interval (normal approximation of the mixture), carried back through the
 * standardisation; for categories the most probable one. All float64 [rows, fields].
 */
export function predictFields(
  { fields, features }: ModelCore,
  order: readonly number[],
  moments: { readonly mean: Tensor; readonly variance: Tensor },
): { expected: Tensor; lower: Tensor; upper: Tensor } {
  const overDraws = (x: Tensor): Tensor => reduceMean(x, { axes: [0, 1] });
  const mean = overDraws(moments.mean);
  const square = overDraws(add(multiply(moments.mean, moments.mean), moments.variance));
  const variance = maximum(subtract(square, multiply(mean, mean)), 0);
  const margin = multiply(sqrt(variance), ninetyPercent);

  const ordered = order.map((index) => features[index]!);
  const expected = toUserUnits(mean, ordered);
  const lower = toUserUnits(subtract(mean, margin), ordered);
  const upper = toUserUnits(add(mean, margin), ordered);

  const positions = fields.map((_, field) =>
    ordered.flatMap((feature, position) => (feature.field === field ? [position] : [])),
  );
  const columns = positions.map((owned) => categoryOf(expected, owned, ordered));
  const assemble = (values: Tensor): Tensor => {
    if (columns.every((category) => category === undefined)) {
      const inPlace = positions.every(([position], field) => position === field);
      return inPlace
        ? values
        : gather(
            values,
            positions.map(([position]) => position!),
            -1,
          );
    }
    return concat(
      columns.map((category, field) => category ?? gather(values, positions[field]!, -1)),
      -1,
    );
  };
  return { expected: assemble(expected), lower: assemble(lower), upper: assemble(upper) };
}

/** The index of the most probable category, float64 [rows, 1]; undefined for a number. */
function categoryOf(
  probabilities: Tensor,
  positions: readonly number[],
  features: readonly Feature[],
): Tensor | undefined {
  const categories = positions.map((position) => features[position]!.category);
  if (categories[0] === undefined) return undefined;
  const owned = gather(probabilities, positions, -1);
  if (categories[0] === 0) return cast(argMax(owned, -1, true), 'float64');
  // A binary field has no indicator of its first category: it is more probable than not the rest.
  const rest = constant([0.5], { shape: [1, 1], type: 'float64' });
  const first = add(multiply(gather(probabilities, [positions[0]!], -1), 0), rest);
  return cast(argMax(concat([first, owned], -1), -1, true), 'float64');
}

/** Standardised float32 → float64 in the units of the encoded row. */
function toUserUnits(x: Tensor, features: readonly Feature[]): Tensor {
  const vector = (value: (feature: Feature) => number): Tensor =>
    constant(Float64Array.from(features, value));
  const scaled = add(
    multiply(
      cast(x, 'float64'),
      vector(({ deviation }) => deviation),
    ),
    vector(({ mean }) => mean),
  );
  if (!features.some(({ logarithm }) => logarithm)) return scaled;
  const flags = vector(({ logarithm }) => Number(logarithm));
  // 709 is where exp overflows a double.
  const grown = subtract(exp(minimum(multiply(scaled, flags), 709)), 1);
  return add(multiply(grown, flags), multiply(scaled, subtract(1, flags)));
}
