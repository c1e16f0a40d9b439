import { VAE as PortableVAE } from '@unlikely/detect/matrices';
import type { Configuration, Platform } from '@unlikely/detect';
import { nodePlatform } from '../platform.ts';

/**
 * The variational autoencoder of `@unlikely/detect` (Kingma & Welling 2014, An & Cho 2015) on Node:
 * training in a child process, scoring in worker threads.
 */
export class VAE extends PortableVAE {
  /** @throws UnlikelyError `detect/configuration`. */
  constructor(options: Partial<Configuration> = {}, platform: Platform = nodePlatform()) {
    super(options, platform);
  }

  /**
   * Reads a model file; what is in it is checked, and nothing of it is executed.
   *
   * @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`, `model/unreadable`.
   */
  static override async load(path: string, platform: Platform = nodePlatform()): Promise<VAE> {
    return super.load(path, platform);
  }
}
