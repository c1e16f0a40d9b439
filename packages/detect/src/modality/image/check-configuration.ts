import { detectError } from '../../detect-error.ts';
import { completeParameters } from '../../parameter/complete-parameters.ts';
import type { ImageConfiguration } from './configuration.ts';
import { imageParameters } from './parameters.ts';

/** Scores that need a distribution over codes or pixels. */
const probabilistic = [
  'reconstruction-probability',
  'elbo',
  'latent',
  'complexity-corrected',
  'typicality',
];

/** Scores that compare an image with those of the training. */
const needsImages = ['latent', 'nearest-image'];

/**
 * The defaults with what was chosen in their place.
 *
 * @throws UnlikelyError `detect/configuration` for an unknown name, a value out of its range, or values that
 *   exclude each other.
 */
export function completeImageConfiguration(
  chosen: Partial<ImageConfiguration>,
): ImageConfiguration {
  const configuration = completeParameters(imageParameters, chosen, 'an image model');
  if (configuration.model === 'autoencoder' && probabilistic.includes(configuration.score)) {
    throw detectError(
      'detect/configuration',
      `expected a score that a plain autoencoder has, got ${configuration.score}`,
      { help: 'It has no distribution: take reconstruction-error, or a variational model.' },
    );
  }
  if (configuration.storedImages === 0 && needsImages.includes(configuration.score)) {
    throw detectError(
      'detect/configuration',
      `expected a score that needs no stored images where storedImages is 0, got ${configuration.score}`,
      { help: 'Leave the score out, or take reconstruction-probability.' },
    );
  }
  return configuration;
}
