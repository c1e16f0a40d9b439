import { detectError } from '../../detect-error.ts';
import type { ModelFile } from './model.ts';
import { completeConfiguration } from './check-configuration.ts';
import { numberCount } from './column/feature.ts';
import type { Configuration } from './configuration.ts';
import { modelCore } from './core.ts';
import { needsCodes, weighsEvidence } from './score-kind.ts';
import type { StoredCodes } from '../../score/aggregate-posterior.ts';

/** What can be chosen after training, since the networks do not depend on it. */
export type ScoreChoice = Partial<Pick<Configuration, 'score' | 'samples' | 'codes'>>;

/**
 * The same networks with another score, and no more stored codes than there are. What was measured
 * with the old score goes: the calibration is empty, there is no power test, and missing values
 * contribute 0.
 *
 * @throws UnlikelyError `detect/configuration` for a score by stored codes or rows where there are none.
 */
export function scoredBy(model: ModelFile, choice: ScoreChoice): ModelFile {
  const { manifest, networks, neutral } = model;
  const { power: _power, ...health } = manifest.health;
  const configuration = completeConfiguration({ ...manifest.configuration, ...choice });
  const stored = networks.storedCodes;
  if (needsCodes[configuration.score] && stored === undefined) {
    throw detectError(
      'detect/configuration',
      `expected a model with stored codes for the score ${configuration.score}, got one without`,
      { help: `Train it with that score, or with 'aggregate-elbo'.` },
    );
  }
  if (weighsEvidence(configuration.score) && networks.evidence === undefined) {
    throw detectError(
      'detect/configuration',
      `expected a model with stored rows for the score ${configuration.score}, got one without`,
      { help: 'Train it with that score.' },
    );
  }
  const isRobust =
    networks.evidence?.gaussian !== undefined || numberCount(manifest.features) === 0;
  if (configuration.score === 'robust' && !isRobust) {
    throw detectError(
      'detect/configuration',
      'expected a model trained with the score robust, got one with another',
      { help: 'Train it with that score.' },
    );
  }
  if (weighsEvidence(configuration.score) && configuration.codes < stored!.count) {
    throw detectError(
      'detect/configuration',
      `expected all ${stored!.count} codes for the score ${configuration.score}, whose scale they were measured with, got ${configuration.codes}`,
      { help: 'Train with that number of codes.' },
    );
  }
  return {
    manifest: {
      ...manifest,
      configuration,
      rows: { ...manifest.rows, calibration: 0 },
      health,
      calibration: { full: '', fast: '' },
    },
    networks: {
      core: modelCore(networks.core.fields, networks.core.features, configuration),
      theta: networks.theta,
      storedCodes: stored && fewerCodes(stored, configuration.codes),
      evidence: networks.evidence,
    },
    neutral: new Float32Array(neutral.length),
  };
}

/** The first `count` codes of each member: they were stored in random order. */
function fewerCodes(stored: StoredCodes, count: number): StoredCodes {
  if (count >= stored.count) return stored;
  const head = (values: Float32Array): Float32Array =>
    values.filter((_, index) => index % stored.count < count);
  return { count, weights: head(stored.weights), offsets: head(stored.offsets) };
}
