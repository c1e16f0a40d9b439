import { detectError } from './detect-error.ts';
import { defaultConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { needsCodes, scoreKinds, scoreWithoutRows } from './score/score-kind.ts';

/** What a parameter may be: checks it, and phrases the message. */
export interface Constraint {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

export const integer = (minimum: number, maximum: number): Constraint => ({
  words: `a whole number from ${minimum} to ${maximum}`,
  holds: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum,
});
export const real = (minimum: number, maximum: number): Constraint => ({
  words: `a number from ${minimum} to ${maximum}`,
  holds: (value) => typeof value === 'number' && value >= minimum && value <= maximum,
});
export const oneOf = (values: readonly string[]): Constraint => ({
  words: `one of ${values.join(', ')}`,
  holds: (value) => typeof value === 'string' && values.includes(value),
});
const widths: Constraint = {
  words: 'a list of at most 8 layer widths from 1 to 4096',
  holds: (value) =>
    Array.isArray(value) &&
    value.length <= 8 &&
    value.every((width) => integer(1, 4096).holds(width)),
};
const optional = (constraint: Constraint): Constraint => ({
  words: constraint.words,
  holds: (value) => value === undefined || constraint.holds(value),
});

const likelihoods: Constraint = {
  words:
    'likelihoods of numeric (gaussian), count (gaussian, poisson, negative-binomial), binary (gaussian, bernoulli) and categorical (gaussian, categorical)',
  holds: (value) => {
    const chosen = value as Configuration['likelihoods'] | null;
    const known = Object.keys(defaultConfiguration.likelihoods);
    return (
      typeof chosen === 'object' &&
      chosen !== null &&
      Object.keys(chosen).every((kind) => known.includes(kind)) &&
      chosen.numeric === 'gaussian' &&
      ['gaussian', 'poisson', 'negative-binomial'].includes(chosen.count) &&
      ['gaussian', 'bernoulli'].includes(chosen.binary) &&
      ['gaussian', 'categorical'].includes(chosen.categorical)
    );
  },
};

/** The constraint of every parameter. */
export const configurationConstraints: { readonly [K in keyof Configuration]-?: Constraint } = {
  model: oneOf(['variational', 'autoencoder']),
  encoderSizes: widths,
  decoderSizes: optional(widths),
  latentSize: integer(1, 1024),
  members: integer(1, 64),
  steps: integer(1, 10_000_000),
  batchSize: integer(1, 65_536),
  learningRate: real(1e-8, 10),
  beta: real(0, 1000),
  klWarmUp: real(0, 1),
  maximumGradientNorm: real(1e-6, 1e6),
  deviationFloor: real(1e-3, 1),
  likelihoods,
  contributionLimit: real(1, 1e6),
  logarithmBeyond: real(0, 1e300),
  score: oneOf(scoreKinds),
  samples: integer(0, 1024),
  storedRows: integer(0, 100_000),
  codes: integer(1, 100_000),
  codeVariance: real(0, 100),
  referenceShare: real(0.05, 1),
  calibrationShare: real(0, 0.9),
  foldShare: real(0.01, 0.5),
  earlyStopping: {
    words: 'an object { patience } with a whole number from 1 to 1000',
    holds: (value) =>
      value === undefined ||
      (typeof value === 'object' &&
        value !== null &&
        Object.keys(value).join() === 'patience' &&
        integer(1, 1000).holds((value as { patience?: unknown }).patience)),
  },
  seed: real(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
};

/**
 * The defaults with what was chosen in their place.
 *
 * @throws UnlikelyError `detect/configuration` for an unknown name or a value out of its range.
 */
export function completeConfiguration(chosen: Partial<Configuration>): Configuration {
  for (const name of Object.keys(chosen)) {
    if (Object.hasOwn(configurationConstraints, name)) continue;
    throw detectError('detect/configuration', `expected a parameter of a model, got ${name}`, {
      help: `The parameters are ${Object.keys(configurationConstraints).join(', ')}.`,
    });
  }
  const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
  const score = chosen.storedRows === 0 ? { score: scoreWithoutRows } : {};
  const complete = {
    ...defaultConfiguration,
    ...score,
    ...Object.fromEntries(given),
  } as Configuration;
  const configuration: Configuration = isPlainObject(complete.likelihoods)
    ? { ...complete, likelihoods: { ...defaultConfiguration.likelihoods, ...complete.likelihoods } }
    : complete;
  for (const [name, { words, holds }] of Object.entries(configurationConstraints)) {
    const value = configuration[name as keyof Configuration];
    if (holds(value)) continue;
    throw detectError(
      'detect/configuration',
      `expected ${name} to be ${words}, got ${shown(value)}`,
      {
        help: `The default is ${shown(defaultConfiguration[name as keyof Configuration])}.`,
      },
    );
  }
  if (configuration.earlyStopping !== undefined && configuration.calibrationShare === 0) {
    throw detectError(
      'detect/configuration',
      'expected calibrationShare to be above 0 where earlyStopping is on, got 0',
      { help: 'The held-out rows that decide when to stop are those of the calibration.' },
    );
  }
  if (configuration.storedRows === 0 && needsCodes[configuration.score]) {
    throw detectError(
      'detect/configuration',
      `expected a score that needs no stored rows where storedRows is 0, got ${configuration.score}`,
      { help: `Without a choice it is ${scoreWithoutRows}.` },
    );
  }
  return configuration.model === 'autoencoder'
    ? { ...configuration, score: 'reconstruction-error', samples: 0 }
    : configuration;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON knows neither NaN nor integers of any size. */
function shown(value: unknown): string {
  return typeof value === 'object' || typeof value === 'string'
    ? JSON.stringify(value)
    : String(value);
}
