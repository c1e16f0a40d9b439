import { invalidInput, type ScoreArray } from './check-input.ts';

/** Counts of values in bins of equal width. */
export interface Histogram {
  /** `bins + 1` ascending edges; a bin holds its lower edge, the last also its upper. */
  readonly edges: Float64Array;
  /** `bins` counts; their sum is the number of values. */
  readonly counts: Uint32Array;
}

export interface HistogramOptions {
  /** Number of bins, at least 1. Default 50. */
  readonly bins?: number;
  /** The lowest edge. Default: the least value. */
  readonly minimum?: number;
  /** The highest edge. Default: the greatest value. */
  readonly maximum?: number;
}

/**
 * A histogram. Values outside `minimum` … `maximum` are counted in the outermost bins, so that one
 * far-out score neither disappears nor flattens the picture. Without a range to divide (no values,
 * or all equal) the bins span one unit about the value. Throws `metric/invalid-input` for values
 * that are not finite, fewer than one bin, or a range that is empty or reversed.
 */
export function histogram(values: ScoreArray, options: HistogramOptions = {}): Histogram {
  const bins = options.bins ?? 50;
  if (!Number.isInteger(bins) || bins < 1) {
    throw invalidInput(`expected a positive number of bins, got ${bins}`, 'Ask for 1 bin or more.');
  }
  if (!values.every(Number.isFinite)) {
    throw invalidInput(
      'expected finite values in a histogram, got NaN or infinity',
      'Leave out the values that are not finite.',
    );
  }
  const [minimum, maximum] = range(values, options);
  const edges = Float64Array.from(
    { length: bins + 1 },
    (_, edge) => minimum * (1 - edge / bins) + maximum * (edge / bins),
  );
  const counts = new Uint32Array(bins);
  for (const value of values) {
    let bin = Math.floor((value / (maximum - minimum) - minimum / (maximum - minimum)) * bins);
    bin = Math.min(Math.max(bin, 0), bins - 1);
    // The division above can be off by one unit in the last place; the edges decide.
    if (bin > 0 && value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return { edges, counts };
}

function range(values: ScoreArray, options: HistogramOptions): [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const minimum = options.minimum ?? (values.length > 0 ? least : (options.maximum ?? 1) - 1);
  const maximum = options.maximum ?? (values.length > 0 ? greatest : minimum + 1);
  if (minimum < maximum) return [minimum, maximum];
  if (minimum === maximum) return [minimum - 0.5, maximum + 0.5];
  throw invalidInput(
    `expected minimum < maximum, got ${minimum} and ${maximum}`,
    'Give a range that holds the values.',
  );
}
