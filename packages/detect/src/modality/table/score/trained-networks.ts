import { elementCount } from '@unlikely/graph';
import type { ModelCore } from '../core.ts';
import { modelCore } from '../core.ts';
import type { Evidence } from './evidence.ts';
import type { StoredCodes } from '../../../score/aggregate-posterior.ts';

/** Trained weights with what the score needs beside them. */
export interface TrainedNetworks {
  readonly core: ModelCore;
  readonly theta: Float32Array;
  readonly storedCodes: StoredCodes | undefined;
  /** What the combined score compares with. */
  readonly evidence?: Evidence | undefined;
}

/** The first member alone at its posterior mean: the fast form of a model. */
export function fastForm(networks: TrainedNetworks): TrainedNetworks {
  const { core, ...rest } = memberForm(networks, 0);
  const configuration = { ...core.configuration, samples: 0 };
  return { ...rest, core: modelCore(core.fields, core.features, configuration) };
}

/** One member alone. */
export function memberForm(
  { core, theta, storedCodes, evidence }: TrainedNetworks,
  member: number,
): TrainedNetworks {
  const { members } = core.shape;
  const own = modelCore(core.fields, core.features, { ...core.configuration, members: 1 });
  const part = (values: Float32Array): Float32Array => {
    const size = values.length / members;
    return values.slice(member * size, (member + 1) * size);
  };
  const ownTheta = new Float32Array(own.parameterCount);
  let from = 0;
  let to = 0;
  for (const slot of core.layout) {
    const size = elementCount(slot.shape)!;
    ownTheta.set(part(theta.subarray(from, from + size)), to);
    from += size;
    to += size / members;
  }
  return {
    core: own,
    theta: ownTheta,
    storedCodes: storedCodes && {
      count: storedCodes.count,
      weights: part(storedCodes.weights),
      offsets: part(storedCodes.offsets),
    },
    evidence,
  };
}
