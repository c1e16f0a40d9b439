/** The value below which this share of an ascending array lies; NaN where it is empty. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/**
 * The range to draw: from the least to the greatest value, but no further than half of the bulk's
 * width beyond the bulk, so that one far value does not flatten all others.
 */
export function drawnRange(values: readonly number[], bulk = 0.99): readonly [number, number] {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return [0, 1];
  const low = quantileOf(sorted, (1 - bulk) / 2);
  const high = quantileOf(sorted, (1 + bulk) / 2);
  const margin = (high - low) / 2;
  const range = [
    Math.max(sorted[0]!, low - margin),
    Math.min(sorted.at(-1)!, high + margin),
  ] as const;
  return range[0] < range[1] ? range : [range[0] - 0.5, range[0] + 0.5];
}
