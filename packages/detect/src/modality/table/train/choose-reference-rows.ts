import type { RandomStream } from '@unlikely/graph';
import type { EncodedRows } from '../column/feature.ts';
import { pickEncodedRows, sampleEncodedRows } from './choose-rows.ts';
import type { ChosenRows } from './choose-rows.ts';

export interface ReferenceOptions {
  /** Numbers of a row. */
  readonly width: number;
  /** The most rows that are chosen. */
  readonly count: number;
  /** Share of a larger sample that is chosen: the rows with the lowest scores; 1 takes all. */
  readonly share: number;
  readonly stream: RandomStream;
  /** Scores of sampled rows; asked for only where `share` is below 1. */
  readonly score: (rows: EncodedRows) => Promise<Float64Array>;
}

/**
 * Training rows that stand for the normal ones, in random order. Where the training rows may hold
 * anomalies, the least likely of a sample are left out (trimming as in Rousseeuw 1985): a reference
 * row that is itself an anomaly would vouch for every row like it.
 */
export async function chooseReferenceRows(
  rows: EncodedRows,
  { width, count, share, stream, score }: ReferenceOptions,
): Promise<ChosenRows> {
  const sample = sampleEncodedRows(rows, width, Math.ceil(count / share), stream);
  if (share === 1) return sample;
  const kept = lowest(await score(sample), share);
  return pickEncodedRows(
    rows,
    width,
    kept.map((place) => sample.places[place]!),
  );
}

/** The places of the lowest scores, ascending: a share of them, at least one where there are any; of equal ones the first. */
export function lowest(scores: Float64Array, share: number): Int32Array {
  const places = Int32Array.from(scores.keys());
  const byScore = places.sort((a, b) => scores[a]! - scores[b]! || a - b);
  return byScore.slice(0, Math.max(1, Math.round(share * scores.length))).sort();
}
