import { Autoencoder as PortableAutoencoder } from '@unlikely/detect/matrices';
import type { Configuration, Platform } from '@unlikely/detect';
import { nodePlatform } from '../platform.ts';

/** The plain autoencoder of `@unlikely/detect` on Node, to compare with. */
export class Autoencoder extends PortableAutoencoder {
  /** @throws UnlikelyError `detect/configuration`. */
  constructor(options: Partial<Configuration> = {}, platform: Platform = nodePlatform()) {
    super(options, platform);
  }

  /**
   * Reads a model file; what is in it is checked, and nothing of it is executed.
   *
   * @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`, `model/unreadable`.
   */
  static override async load(
    path: string,
    platform: Platform = nodePlatform(),
  ): Promise<Autoencoder> {
    // The parent makes an instance of the class it is called on.
    return (await super.load(path, platform)) as Autoencoder;
  }
}
