import { detectError } from '../../detect-error.ts';
import type { Configuration } from './configuration.ts';
import { completeParameters } from '../../parameter/complete-parameters.ts';
import { tableParameters } from './parameters.ts';
import { needsCodes, scoreWithoutRows } from './score-kind.ts';

/**
 * The defaults with what was chosen in their place.
 *
 * @throws UnlikelyError `detect/configuration` for an unknown name, a value out of its range, or values that
 *   exclude each other.
 */
export function completeConfiguration(chosen: Partial<Configuration>): Configuration {
  const score = chosen.score ?? (chosen.storedRows === 0 ? scoreWithoutRows : undefined);
  const configuration = completeParameters(
    tableParameters,
    score === undefined ? chosen : { ...chosen, score },
    'a model',
  );
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
