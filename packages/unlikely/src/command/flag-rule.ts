import { fewestDiscoveries, highestRows } from '@unlikely/detect';
import { formatCount, formatNumber, formatShare } from '@unlikely/report/words';
import type { Words } from '@unlikely/detect';
import { promisableRate } from '../library/prediction.ts';

/** What of a detector decides which rows are flagged: one of tables or of images. */
export interface Calibrated {
  readonly manifest: { readonly rows: { readonly calibration: number } };
  threshold(falsePositiveRate: number, options?: { readonly fast?: boolean }): number;
  discoveryThreshold(
    scores: Float64Array,
    falseDiscoveryRate: number,
    options?: { readonly fast?: boolean },
  ): number;
}

/** Which rows are flagged, and that in words. */
export interface FlagRule {
  readonly isFlagged: (row: number, score: number) => boolean;
  /** Rows above it are flagged; null where a number of alerts decides. */
  readonly threshold: number | null;
  readonly words: string;
}

/**
 * The false-positive rate to use: the chosen one, else 1 %, or as little as so few calibration rows
 * can promise. Undefined where the model is not calibrated.
 */
export function falsePositiveRate(detector: Calibrated, chosen?: number): number | undefined {
  return chosen ?? promisableRate(detector);
}

/** Flags the rows above the threshold that keeps a false-positive rate. Throws `calibrate/too-few`. */
export function rateRule(
  detector: Calibrated,
  words: Words,
  chosen?: number,
  fast: boolean = false,
): FlagRule {
  const rate = falsePositiveRate(detector, chosen);
  if (rate === undefined) {
    return {
      isFlagged: () => false,
      threshold: null,
      words: `none, since no ${words.many} were kept to calibrate with; --alerts or --threshold flags some`,
    };
  }
  const threshold = detector.threshold(rate, { fast });
  return {
    isFlagged: (_, score) => score > threshold,
    threshold,
    words: `score above ${formatNumber(threshold)}, as of normal ${words.many} at most ${formatShare(rate)} do`,
  };
}

/** Flags the rows above a score. */
export function thresholdRule(threshold: number): FlagRule {
  return {
    isFlagged: (_, score) => score > threshold,
    threshold,
    words: `score above ${formatNumber(threshold)}`,
  };
}

/** Flags a number of rows with the highest scores; of equal ones the earlier. */
export function alertRule(scores: Float64Array, alerts: number): FlagRule {
  const rows = new Set(highestRows(scores, alerts));
  return {
    isFlagged: (row) => rows.has(row),
    threshold: null,
    words: `are the ${formatCount(rows.size)} most unlikely`,
  };
}

/**
 * Flags the rows of a whole batch that a false discovery rate allows.
 * Throws `calibrate/too-few`, `detect/uncalibrated`.
 */
export function discoveryRule(
  detector: Calibrated,
  scores: Float64Array,
  rate: number,
  words: Words,
  fast: boolean = false,
): FlagRule {
  const threshold = detector.discoveryThreshold(scores, rate, { fast });
  const { calibration } = detector.manifest.rows;
  const fewest = fewestDiscoveries(calibration, scores.length, rate);
  if (threshold === Infinity) {
    return {
      isFlagged: () => false,
      threshold: null,
      words:
        fewest === 1
          ? `would have to be less likely among ${formatCount(scores.length)} ${words.many}, at a false discovery rate of ${formatShare(rate)}`
          : `would have to be at least ${formatCount(fewest)} of ${formatCount(scores.length)} ${words.many} to be told from chance by ${formatCount(calibration)} calibration ${words.many}, at a false discovery rate of ${formatShare(rate)}`,
    };
  }
  return {
    isFlagged: (_, score) => score > threshold,
    threshold: Number.isFinite(threshold) ? threshold : null,
    words: `score above ${formatNumber(threshold)}; of them at most ${formatShare(rate)} are expected to be normal`,
  };
}
