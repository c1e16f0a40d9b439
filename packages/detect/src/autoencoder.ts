import type { Configuration } from './configuration.ts';
import { VAE } from './vae.ts';

/**
 * The plain autoencoder beside the variational one, to compare with: a point for a code, squared
 * error for a loss and for a score. It has no distribution, so `generate` decodes draws from N(0, I)
 * that its codes never were, and `standardError` is the spread over members.
 */
export class Autoencoder extends VAE {
  protected override fixedOptions(): Partial<Configuration> {
    return { model: 'autoencoder' };
  }
}
