/** Scores with their Monte-Carlo standard errors, one of each a row. */
export interface Scores {
  readonly score: Float64Array;
  readonly standardError: Float64Array;
}
