import { RandomStream } from '@unlikely/graph';
import { checkLabelled, invalidInput, type ScoreArray } from './check-input.ts';

export interface BootstrapOptions {
  /** Seed of the resamples. */
  readonly seed: number;
  /** Number of resamples, at least 2. Default 200: each sorts the rows again. */
  readonly resamples?: number;
  /** Share of the resampled values inside the interval, in (0, 1). Default 0.95. */
  readonly confidence?: number;
}

/**
 * The percentile bootstrap interval (Efron 1979) of a metric of labelled scores, as `[low, high]`.
 * Anomalies and normal rows are resampled apart, so that no resample lacks one of them. It says how
 * much the value depends on the luck of the test rows, not on the seed of the training. `null` where
 * the metric is. Throws `metric/invalid-input`.
 */
export function bootstrapInterval(
  metric: (scores: ScoreArray, labels: Uint8Array) => number | null,
  scores: ScoreArray,
  labels: Uint8Array,
  { seed, resamples = 200, confidence = 0.95 }: BootstrapOptions,
): readonly [low: number, high: number] | null {
  checkLabelled(scores, labels);
  if (!(Number.isInteger(resamples) && resamples >= 2 && confidence > 0 && confidence < 1)) {
    throw invalidInput(
      `expected 2 or more resamples and a confidence between 0 and 1, got ${resamples} and ${confidence}`,
      'Use the defaults: 200 and 0.95.',
    );
  }
  const order = Int32Array.from(labels, (_, row) => row).sort((a, b) => labels[a]! - labels[b]!);
  const ordered = Float64Array.from(order, (row) => scores[row]!);
  const orderedLabels = labels.slice().sort();
  const normals = labels.length - labels.reduce((sum, label) => sum + label, 0);
  const stream = new RandomStream(seed, 'bootstrap-interval');
  const values = new Float64Array(resamples);
  const drawn = new Float64Array(labels.length);
  for (let resample = 0; resample < resamples; resample++) {
    for (let row = 0; row < drawn.length; row++) {
      const source =
        row < normals ? stream.integer(normals) : normals + stream.integer(drawn.length - normals);
      drawn[row] = ordered[source]!;
    }
    const value = metric(drawn, orderedLabels);
    if (value === null) return null;
    values[resample] = value;
  }
  values.sort();
  const tail = Math.floor(((1 - confidence) / 2) * resamples);
  return [values[tail]!, values[resamples - 1 - tail]!];
}
