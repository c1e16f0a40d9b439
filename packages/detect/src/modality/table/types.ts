import type { Batch, Table } from '@unlikely/data/source';
import type { Manifest } from './manifest.ts';
import type { ModelFile } from './model.ts';
import type { TableLatent } from './generate/latent.ts';
import type { ModelScorer } from './scorer.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import type { ScoreOptions } from './score/score-options.ts';

/** What belongs to tables; see `Types`. */
export interface TableTypes {
  readonly source: Table;
  readonly items: Batch;
  readonly scored: ScoredBatch;
  readonly scoreOptions: ScoreOptions;
  readonly manifest: Manifest;
  readonly model: ModelFile;
  readonly stored: Manifest;
  readonly latent: TableLatent;
  readonly scoring: ModelScorer;
}
