import type { ScoreOptions as ScoreItemsOptions } from '../../modality.ts';

/** How rows of a table are scored. */
export interface ScoreOptions extends ScoreItemsOptions {
  /** A column whose text values come with the scores. */
  readonly labels?: string;
}
