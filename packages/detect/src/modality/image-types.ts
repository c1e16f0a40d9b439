import type { ImageBatch, ImageSource } from '@unlikely/data/source';
import type { ImageModelFile } from '../image/image-format.ts';
import type { ImageManifest, StoredImageManifest } from '../image/image-manifest.ts';
import type { ImageModelScorer } from '../image/image-model-scorer.ts';
import type { ScoredImages } from '../image/image-scores.ts';
import type { Images } from '../image/images.ts';
import type { Latent } from '../latent/latent.ts';
import type { ScoreOptions } from './modality.ts';

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
