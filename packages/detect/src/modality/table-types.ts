import type { Batch, Table } from '@unlikely/data/source';
import type { Manifest } from '../artifact/manifest.ts';
import type { ModelFile } from '../artifact/table-format.ts';
import type { TableLatent } from '../generate/table-latent.ts';
import type { ModelScorer } from '../score/model-scorer.ts';
import type { ScoredBatch } from '../score/scored-batch.ts';
import type { ScoreOptions } from '../score/score-options.ts';

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
