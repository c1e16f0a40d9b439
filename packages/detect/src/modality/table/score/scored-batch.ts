import type { ConformalCalibration } from '../../../calibrate/conformal-calibration.ts';
import type { ScoringOutputs } from './scoring-program.ts';

/** The rows of one batch with their scores, in the order of the table. */
export interface ScoredBatch {
  /** 0-based number of the first row in the table. */
  readonly firstRow: number;
  /** How many rows there are. */
  readonly rows: number;
  /** Higher for less likely rows. */
  readonly score: Float64Array;
  /** Standard error of the score over latent points and members; NaN where there is only one draw. */
  readonly standardError: Float64Array;
  /** Share of normal rows that score as high, from the calibration; 1 without one. */
  readonly pValue: Float64Array;
  /** Values of the label column, where asked for. */
  readonly labels?: readonly (string | null)[];
  /** Cells with a category that training never saw, for each field. */
  readonly unseen: Int32Array;
  /** Of the encoded rows, where asked for and the model knows its rows. */
  readonly hashes?: Uint32Array;
  /** Where asked for. */
  readonly details?: ScoreDetails;
}

/** What the scores are made of; all [rows, fields] but where said. */
export interface ScoreDetails {
  /** Adds up over the fields, with `latent` and `usual`, to the score exactly. */
  readonly contributions: Float32Array;
  /** Share of the latent code, [rows]. */
  readonly latent: Float32Array;
  /** What a normal row has as well, [rows]; 0 where the score does not tell it apart. */
  readonly usual: Float32Array;
  /** In the units of the table; for a field with categories the index of the most probable one. */
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Mean code of the first member, [rows, latentSize]. */
  readonly code: Float32Array;
  /** The encoded rows; NaN where missing. */
  readonly encoded: Float64Array;
}

/**
 * The scores of rows that were read.
 *
 * @param options.hasError Whether there were several draws: one has no spread to tell its error by.
 * @param options.encoded The rows, where the block was scored for all `scoringOutputs`.
 */
export function scoredBatch(
  { firstRow, rows, unseen, labels }: Pick<ScoredBatch, 'firstRow' | 'rows' | 'unseen' | 'labels'>,
  block: Pick<ScoringOutputs, 'score' | 'standard_error'>,
  options: {
    readonly calibration: ConformalCalibration | undefined;
    readonly hasError: boolean;
    readonly encoded: Float64Array | undefined;
  },
): ScoredBatch {
  const { calibration, hasError, encoded } = options;
  const { score, standard_error: errors } = block;
  return {
    firstRow,
    rows,
    score,
    standardError: hasError ? errors : errors.fill(NaN),
    pValue: calibration?.pValues(score) ?? score.map(() => 1),
    unseen,
    ...(labels === undefined ? {} : { labels }),
    ...(encoded === undefined ? {} : { details: detailsOf(block as ScoringOutputs, encoded) }),
  };
}

function detailsOf(block: ScoringOutputs, encoded: Float64Array): ScoreDetails {
  return {
    contributions: block.contribution,
    latent: block.latent_share,
    usual: block.usual_share,
    expected: block.expected,
    lower: block.lower,
    upper: block.upper,
    code: block.code,
    encoded,
  };
}
