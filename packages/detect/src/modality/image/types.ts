import type { ImageBatch, ImageSource } from '@unlikely/data/source';
import type { ImageModelFile } from './model.ts';
import type { ImageManifest, StoredImageManifest } from './manifest.ts';
import type { ImageModelScorer } from './scorer.ts';
import type { ScoredImages } from './score/scores.ts';
import type { Images } from './images.ts';
import type { Latent } from '../../latent/latent.ts';
import type { ScoreOptions } from '../modality.ts';

/** What belongs to images; see `Types`. */
export interface ImageTypes {
  readonly source: ImageSource;
  readonly items: ImageBatch;
  readonly scored: ScoredImages;
  readonly scoreOptions: ScoreOptions;
  readonly manifest: ImageManifest;
  readonly model: ImageModelFile;
  readonly stored: StoredImageManifest;
  readonly latent: Latent<Images>;
  readonly scoring: ImageModelScorer;
}
