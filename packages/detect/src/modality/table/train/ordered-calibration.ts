import type { Runtime } from '@unlikely/runtime';
import { saferScores } from '../../../calibrate/safer-scores.ts';
import type { RowOrder } from '../../../calibrate/row-order.ts';
import { blockScores } from './block-scores.ts';
import type { HeldModel } from './block-scores.ts';
import { foldOf } from './folds.ts';

/** Ascending calibration scores of both forms of a model. */
export interface OrderedCalibration {
  readonly full: Float64Array;
  readonly fast: Float64Array;
  /** What the order of the rows means; absent where that was not looked at. */
  readonly rowOrder?: RowOrder;
}

/**
 * The scores of rows held out at random, raised where blocks of rows in their order score higher. Where the training
 * rows may hold anomalies nothing is raised: a block of them would pass for a change of the normal rows.
 */
export async function orderedCalibration(
  model: HeldModel,
  scores: { readonly full: Float64Array; readonly fast: Float64Array },
  runtime: Runtime,
): Promise<OrderedCalibration> {
  const { configuration } = model.networks.core;
  const ascending = (values: Float64Array): Float64Array => values.slice().sort();
  if (model.calibration.rows === 0 || configuration.referenceShare < 1) {
    return { full: ascending(scores.full), fast: ascending(scores.fast) };
  }
  const full = saferScores(scores.full, await blockScores(model, configuration.samples, runtime));
  const fast = saferScores(scores.fast, await blockScores(model, 0, runtime));
  const { rows } = model.training;
  const blocks = full.flagged.map((flagged, member) => {
    const { start, end } = foldOf(configuration, rows, member);
    return {
      from: start / rows,
      to: end / rows,
      flagged: Number.isNaN(flagged) ? null : flagged,
      raises: full.raisedBy.includes(member),
    };
  });
  return { full: full.scores, fast: fast.scores, rowOrder: { rate: full.rate, blocks } };
}
