import type { Configuration } from '../configuration.ts';
import { VAE } from './vae.ts';

/**
 * The plain autoencoder beside the variational one, to compare with: a point for a code, squared
 * error for a loss and for a score. It has no distribution, so `generate` decodes codes of training
 * rows (draws from the prior are codes that it never had), numbers are means, and `standardError` is
 * the spread over members.
 */
export class Autoencoder extends VAE {
  protected override fixedOptions(): Partial<Configuration> {
    return { model: 'autoencoder' };
  }
}
