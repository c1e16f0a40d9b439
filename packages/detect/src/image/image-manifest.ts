import type { ImageSettings } from '@unlikely/data/source';
import type { History } from '../artifact/manifest.ts';
import type { Attribute } from '../latent/attribute.ts';
import type { ScoreChoiceRecord } from './choose-score.ts';
import type { KnownRows } from '../known/known-rows.ts';
import type { Combination } from './combination.ts';
import type { ImageConfiguration } from './image-configuration.ts';
import type { ImageHealth } from './image-health.ts';
import type { Scales } from './image-scales.ts';

/** The version of the file's layout; a file with a larger one was written by a newer release. */
export const imageFormatVersion = 1;

/** Everything about an image model that is not numbers of its networks, as JSON in the model file. */
export interface ImageManifest {
  readonly kind: 'image';
  readonly formatVersion: number;
  /** The release that wrote the file. */
  readonly version: string;
  readonly settings: ImageSettings;
  readonly scales: Scales;
  readonly configuration: ImageConfiguration;
  /** Labels that were taken for normal. */
  readonly normal?: readonly string[];
  readonly rows: {
    /** Normal images in the source, readable or not. */
    readonly read: number;
    readonly unreadable: number;
    /** Images that the networks saw. */
    readonly trained: number;
    /** Images that they did not see and that the score was fitted and chosen by. */
    readonly reference: number;
    /** Further ones that calibrate the p-values. */
    readonly calibration: number;
  };
  readonly history: History;
  readonly health: ImageHealth;
  readonly combination: Combination;
  readonly choice: ScoreChoiceRecord;
  /** Scores of the calibration images, ascending, as base64 of doubles. */
  readonly calibration: string;
  /** The images that trained it; absent where nothing of single images is stored. */
  readonly knownRows?: KnownRows;
  /** Directions of the latent space by name: mean differences of two sets of images. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** SHA-256 of the pixels of a thousand training images and of the order of all. */
  readonly fingerprint: string;
}
