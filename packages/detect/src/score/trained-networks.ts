import { elementCount } from '@unlikely/graph';
import type { ModelCore } from '../model-core.ts';
import { modelCore } from '../model-core.ts';
import type { StoredCodes } from './score-parts.ts';

/** Trained weights with what the score needs beside them. */
export interface TrainedNetworks {
  readonly core: ModelCore;
  readonly theta: Float32Array;
  readonly storedCodes: StoredCodes | undefined;
}

/** The first member alone at its posterior mean: the fast form of a model. */
export function fastForm({ core, theta, storedCodes }: TrainedNetworks): TrainedNetworks {
  const { members } = core.shape;
  const fastCore = modelCore(core.fields, core.features, {
    ...core.configuration,
    members: 1,
    samples: 0,
  });
  const own = new Float32Array(fastCore.parameterCount);
  let from = 0;
  let to = 0;
  for (const slot of core.layout) {
    const size = elementCount(slot.shape)!;
    own.set(theta.subarray(from, from + size / members), to);
    from += size;
    to += size / members;
  }
  return {
    core: fastCore,
    theta: own,
    storedCodes: storedCodes && {
      count: storedCodes.count,
      weights: storedCodes.weights.slice(0, storedCodes.weights.length / members),
      offsets: storedCodes.offsets.slice(0, storedCodes.offsets.length / members),
    },
  };
}
