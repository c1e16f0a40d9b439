import type { ImageSettings } from '@unlikely/data/source';
import type { CommonManifest } from '../../artifact/manifest.ts';
import type { ScoreChoiceRecord } from './power/choose-score.ts';
import type { Combination } from './score/combination.ts';
import type { ImageConfiguration } from './configuration.ts';
import type { ImageHealth } from './health.ts';
import type { Scales } from './network/scales.ts';

/** Everything about a model of images that is not numbers of its networks, as JSON in the model file. */
export interface ImageManifest extends CommonManifest {
  /** Of the items: images. */
  readonly kind: 'image';
  /** How images become pixels of one shape. */
  readonly schema: ImageSettings;
  /** What pixels are standardised by. */
  readonly scales: Scales;
  /** Every parameter. */
  readonly configuration: ImageConfiguration;
  /** Labels that were taken for normal. */
  readonly label?: { readonly normal: readonly string[] };
  /** How many images took which part. */
  readonly rows: CommonManifest['rows'] & {
    readonly unreadable: number;
    /** Images that the networks did not see and that the score was fitted and chosen by. */
    readonly reference: number;
  };
  /** Whether the model can be trusted, and what it finds of injected anomalies. */
  readonly health: ImageHealth;
  /** How the parts of the score are weighed. */
  readonly combination: Combination;
  /** Why images are scored as they are. */
  readonly choice: ScoreChoiceRecord;
  /** Scores of images that training did not see, from which p-values and thresholds come. */
  readonly calibration: { readonly full: string };
}

/** As it is in the file: with the codes of training images, base64 of floats. */
export interface StoredImageManifest extends ImageManifest {
  readonly codes?: { readonly count: number; readonly weights: string; readonly offsets: string };
}
