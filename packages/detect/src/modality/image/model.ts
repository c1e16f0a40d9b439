import type { ImageManifest } from './manifest.ts';
import type { ImageNetworks } from './score/measure.ts';

/** A model of images: the networks are the named constants of its scoring program. */
export interface ImageModelFile {
  readonly manifest: ImageManifest;
  readonly networks: ImageNetworks;
}
