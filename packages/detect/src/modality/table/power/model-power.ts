import type { Runtime } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import { standardisedRows } from '../encode/standardised-rows.ts';
import { attributedOutputs } from '../score/attribution.ts';
import { openScorer } from '../score/open-scorer.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';
import { powerTest } from './power-test.ts';
import type { PowerTest } from './power-test.ts';

export interface ModelRows {
  /** Normal rows that the networks did not see, with their scores. */
  readonly heldOut: EncodedRows;
  readonly scores: Float64Array;
  /** Normal rows that columns, neighbourhoods and trivial detectors are known from. */
  readonly reference: EncodedRows;
}

/** The power test of trained networks; nothing without held-out rows. */
export async function modelPower(
  networks: TrainedNetworks,
  neutral: Float32Array,
  { heldOut, scores, reference }: ModelRows,
  runtime: Runtime,
  falsePositiveRate: number,
): Promise<PowerTest | undefined> {
  if (heldOut.rows === 0) return undefined;
  const { core } = networks;
  await using scorer = await openScorer(networks, neutral, runtime, attributedOutputs);
  return await powerTest({
    fields: core.fields,
    heldOut,
    heldOutScores: scores,
    reference,
    falsePositiveRate,
    seed: core.configuration.seed,
    score: (rows) => scorer.run({ rows: rows.data }, rows.rows),
    neutral,
    standardise: (rows) => standardisedRows(core, rows, runtime),
  });
}
