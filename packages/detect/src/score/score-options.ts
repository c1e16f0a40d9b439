/** How rows of a table are scored. */
export interface ScoreOptions {
  /** The first member at its posterior mean alone: several times faster, with its own calibration. */
  readonly fast?: boolean;
  /** Contributions, expectations and codes as well. */
  readonly details?: boolean;
  /** Rows that are read at a time; scores do not depend on it. */
  readonly batchRows?: number;
  /** A column whose text values come with the scores. */
  readonly labels?: string;
  /** Hashes of the rows, by which those of the training are known. */
  readonly hashes?: boolean;
  readonly signal?: AbortSignal;
}
