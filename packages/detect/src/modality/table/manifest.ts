import type { Schema } from '@unlikely/data/source';
import type { Feature } from './column/feature.ts';
import type { Configuration } from './configuration.ts';
import type { Contamination } from '../../contamination/contamination.ts';
import type { Health } from './health.ts';
import type { StoredPosterior } from '../../latent/stored-posterior.ts';
import type { Calibrations, CommonManifest } from '../../artifact/manifest.ts';
import type { RowOrder } from '../../calibrate/row-order.ts';

/** Everything about a model of tables that is not numbers of its networks, as JSON in the model file. */
export interface Manifest extends CommonManifest {
  /** Of the items: rows of a table. */
  readonly kind: 'table';
  /** What the columns are. */
  readonly schema: Schema;
  /** The numbers that the networks see, with mean and deviation. */
  readonly features: readonly Feature[];
  /** Every parameter, also those that were inferred. */
  readonly configuration: Configuration;
  readonly label?: { readonly column: string; readonly normal: readonly string[] };
  /** Whether the model can be trusted, and what it finds of injected anomalies. */
  readonly health: Health;
  /** What stood out among the training rows, where they might have held anomalies. */
  readonly contamination?: Contamination;
  /** Scores of rows that training did not see, from which p-values and thresholds come. */
  readonly calibration: Required<Calibrations>;
  /** What the order of the rows means for the calibration; absent in files of before it was looked at. */
  readonly rowOrder?: RowOrder;
  /** What rows are generated from; absent in files of before there was any. */
  readonly posterior?: StoredPosterior;
}
