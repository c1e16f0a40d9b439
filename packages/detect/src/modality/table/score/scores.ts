/** Scores with their Monte-Carlo standard errors, one of each a row. */
export interface Scores {
  /** [rows], higher for less likely rows. */
  readonly score: Float64Array;
  /** [rows], of the score; NaN where there is only one draw. */
  readonly standardError: Float64Array;
}
