import type { Bar } from './chart.ts';
import { quantileOf } from './quantile.ts';

const bins = 48;

/**
 * From the lowest scores to five times as far above the threshold as it lies above the median:
 * what scores higher still goes into the last bar.
 */
export function histogramEdges(scores: Float64Array, threshold: number): number[] {
  const sorted = scores.filter(Number.isFinite).sort();
  const median = quantileOf(sorted, 0.5);
  const reach = threshold - median;
  let low = quantileOf(sorted, 0.001);
  let high = quantileOf(sorted, 1);
  if (sorted.length === 0) [low, high] = [0, 1];
  else if (Number.isFinite(reach) && reach > 0) {
    low = Math.max(low, median - 3 * reach);
    high = Math.max(Math.min(high, threshold + 5 * reach), threshold + reach / 2);
  }
  // Scores that differ by rounding alone are one bar, and its neighbours need a width too.
  const size = Math.max(1, Math.abs(low), Math.abs(high));
  const width = (high - low > 1e-9 * size ? high - low : size) / bins;
  const anchor = threshold > low && threshold < high ? threshold : low;
  const first = anchor - Math.ceil((anchor - low) / width) * width;
  return Array.from({ length: bins + 2 }, (_, edge) =>
    // The threshold itself, not a rounded sum that equals it almost.
    edge === Math.round((anchor - first) / width) ? anchor : first + edge * width,
  );
}

/** Counts the chosen rows; a bar holds what lies above its lower edge, the outermost what lies beyond. */
export function histogramBars(
  edges: readonly number[],
  scores: Float64Array,
  chosen: (row: number) => boolean,
  sign: 1 | -1,
): Bar[] {
  const counts = new Float64Array(edges.length - 1);
  const width = (edges.at(-1)! - edges[0]!) / counts.length;
  scores.forEach((score, row) => {
    if (!Number.isFinite(score) || !chosen(row)) return;
    let bar = Math.min(Math.max(Math.floor((score - edges[0]!) / width), 0), counts.length - 1);
    // A row is flagged above the threshold, not at it, so a bar holds its upper edge.
    if (bar > 0 && score <= edges[bar]!) bar--;
    else if (bar < counts.length - 1 && score > edges[bar + 1]!) bar++;
    counts[bar]!++;
  });
  return [...counts].flatMap((count, bar) =>
    count === 0 ? [] : [{ from: edges[bar]!, to: edges[bar + 1]!, height: sign * count }],
  );
}
