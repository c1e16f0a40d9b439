import type { EncodedRows } from '../column/feature.ts';

/** Mean over the rows in which the field is present. */
export function meanContributions(
  contributions: Float32Array,
  { data, rows }: EncodedRows,
): Float32Array {
  const width = contributions.length / rows;
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  for (let index = 0; index < contributions.length; index++) {
    if (Number.isNaN(data[index]!)) continue;
    sums[index % width]! += contributions[index]!;
    counts[index % width]! += 1;
  }
  return Float32Array.from(sums, (sum, field) => (counts[field] === 0 ? 0 : sum / counts[field]!));
}

/** Scores that were measured without the contributions of missing values, with them. */
export function withNeutral(
  scores: Float64Array,
  neutral: Float32Array,
  { data }: EncodedRows,
): Float64Array {
  return scores.map((score, row) =>
    neutral.reduce(
      (sum, value, field) => (Number.isNaN(data[row * neutral.length + field]) ? sum + value : sum),
      score,
    ),
  );
}
