import type { ContaminationEstimate } from './estimate-contamination.ts';

/** What a training found among its own rows, which may have held anomalies. */
export interface Contamination extends ContaminationEstimate {
  /** Rows that were looked at: all of the source that the label, if any, calls normal. */
  readonly rows: number;
  /** By falling score. */
  readonly suspects: readonly Suspect[];
}

/** A training row that is unlikely to be normal. */
export interface Suspect {
  /** 0-based number in the source. */
  readonly row: number;
  /** Higher is less likely. */
  readonly score: number;
  /** Share of rows like those of the training, anomalies included, that score as high. */
  readonly pValue: number;
  /** The fields that its score comes from most, in words. */
  readonly reasons: readonly string[];
}
