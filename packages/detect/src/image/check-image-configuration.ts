import { detectError } from '../detect-error.ts';
import { integer, oneOf, real } from '../check-configuration.ts';
import type { Constraint } from '../check-configuration.ts';
import { defaultImageConfiguration } from './image-configuration.ts';
import type { ImageConfiguration } from './image-configuration.ts';
import { imageScoreKinds } from './image-score-kind.ts';

/** The constraint of every parameter. */
export const imageConfigurationConstraints: {
  readonly [K in keyof ImageConfiguration]-?: Constraint;
} = {
  model: oneOf(['variational', 'autoencoder']),
  likelihood: oneOf(['gaussian', 'bernoulli', 'discretised-logistic']),
  channels: integer(1, 256),
  hiddenSize: integer(1, 4096),
  latentSize: integer(1, 1024),
  steps: integer(1, 10_000_000),
  batchSize: integer(1, 65_536),
  learningRate: real(1e-8, 10),
  beta: real(0, 1000),
  klWarmUp: real(0, 1),
  maximumGradientNorm: real(1e-6, 1e6),
  deviationFloor: real(1e-3, 1),
  hiddenShare: real(0, 1),
  score: oneOf(imageScoreKinds),
  samples: integer(0, 64),
  storedImages: integer(0, 2000),
  codes: integer(1, 10_000),
  codeVariance: real(0, 100),
  calibrationShare: real(0, 0.4),
  seed: real(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
};

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
 * @throws UnlikelyError `detect/configuration` for an unknown name or a value out of its range.
 */
export function completeImageConfiguration(
  chosen: Partial<ImageConfiguration>,
): ImageConfiguration {
  for (const name of Object.keys(chosen)) {
    if (Object.hasOwn(imageConfigurationConstraints, name)) continue;
    throw detectError(
      'detect/configuration',
      `expected a parameter of an image model, got ${name}`,
      {
        help: `The parameters are ${Object.keys(imageConfigurationConstraints).join(', ')}.`,
      },
    );
  }
  const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
  const configuration = {
    ...defaultImageConfiguration,
    ...Object.fromEntries(given),
  } as ImageConfiguration;
  for (const [name, { words, holds }] of Object.entries(imageConfigurationConstraints)) {
    const value = configuration[name as keyof ImageConfiguration];
    if (holds(value)) continue;
    throw detectError(
      'detect/configuration',
      `expected ${name} to be ${words}, got ${JSON.stringify(value)}`,
      { help: `The default is ${defaultImageConfiguration[name as keyof ImageConfiguration]}.` },
    );
  }
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
