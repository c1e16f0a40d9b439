import type { Field } from '@unlikely/data';
import { fillNormal, RandomStream } from '@unlikely/graph';
import { completeConfiguration } from '../../src/modality/table/check-configuration.ts';
import { fitFeatures } from '../../src/modality/table/column/feature.ts';
import type { EncodedRows } from '../../src/modality/table/column/feature.ts';
import type { Configuration } from '../../src/modality/table/configuration.ts';
import { modelCore } from '../../src/modality/table/core.ts';
import type { ModelCore } from '../../src/modality/table/core.ts';

/** Small networks that train in a blink. */
export const small: Partial<Configuration> = {
  encoderSizes: [12],
  latentSize: 2,
  members: 2,
  steps: 120,
  batchSize: 64,
  learningRate: 0.01,
};

/** The core of a model of these rows. */
export function coreOf(
  fields: readonly Field[],
  rows: EncodedRows,
  options: Partial<Configuration> = {},
): ModelCore {
  const configuration = completeConfiguration({ ...small, ...options });
  return modelCore(fields, fitFeatures(fields, rows, configuration), configuration);
}

/** Weights of no meaning, the same for the same seed. */
export function randomTheta(core: ModelCore, seed: number, scale: number = 0.4): Float32Array {
  const theta = new Float32Array(core.parameterCount);
  fillNormal(theta, new RandomStream(seed, 'theta'), 0);
  return theta.map((value) => value * scale);
}
