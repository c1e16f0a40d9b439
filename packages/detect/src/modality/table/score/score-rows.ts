import type { Runtime } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import { modelCore } from '../core.ts';
import type { ModelCore } from '../core.ts';
import { meanContributions, withNeutral } from './neutral.ts';
import { openScorer } from './open-scorer.ts';
import type { EvidenceOutputs, ScoringOutputs } from './scoring-program.ts';
import type { TrainedNetworks } from './trained-networks.ts';

/** Scores rows once, with a program that is made for it. */
export async function scoreRows<Name extends keyof (ScoringOutputs & EvidenceOutputs)>(
  networks: TrainedNetworks,
  neutral: Float32Array,
  rows: EncodedRows,
  runtime: Runtime,
  outputs: readonly Name[],
): Promise<Pick<ScoringOutputs & EvidenceOutputs, Name>> {
  await using scorer = await openScorer(networks, neutral, runtime, outputs);
  return await scorer.run({ rows: rows.data }, rows.rows);
}

/** The negative evidence lower bound of rows, which needs no reference rows. */
export async function boundOf(
  core: ModelCore,
  theta: Float32Array,
  rows: EncodedRows,
  runtime: Runtime,
): Promise<Float64Array> {
  if (rows.rows === 0) return new Float64Array(0);
  const { fields, features, configuration } = core;
  // The plain autoencoder has no bound but its squared error.
  const score = core.shape.variational ? 'elbo' : configuration.score;
  const networks: TrainedNetworks = {
    core: modelCore(fields, features, { ...configuration, score }),
    theta,
    storedCodes: undefined,
  };
  const blank = new Float32Array(fields.length);
  const measured = await scoreRows(networks, blank, rows, runtime, ['score', 'contribution']);
  const neutral = meanContributions(measured.contribution, rows);
  return withNeutral(measured.score, neutral, rows);
}
