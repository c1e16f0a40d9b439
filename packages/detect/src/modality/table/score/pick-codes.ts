import type { ModelCore } from '../core.ts';
import { storeCodes } from '../../../score/aggregate-posterior.ts';
import type { Codes, StoredCodes } from '../../../score/aggregate-posterior.ts';

/**
 * The aggregate posterior of chosen rows.
 *
 * @param places Rows of `codes`.
 * @param members Those whose codes are wanted.
 */
export function pickCodes(
  { shape, configuration }: ModelCore,
  codes: Codes,
  places: ArrayLike<number>,
  members: readonly number[],
): StoredCodes {
  const { latentSize } = shape;
  const rows = codes.mean.length / (shape.members * latentSize);
  const pick = (values: Float32Array): Float32Array => {
    const kept = new Float32Array(members.length * places.length * latentSize);
    members.forEach((member, index) => {
      for (let code = 0; code < places.length; code++) {
        const from = (member * rows + places[code]!) * latentSize;
        const to = (index * places.length + code) * latentSize;
        kept.set(values.subarray(from, from + latentSize), to);
      }
    });
    return kept;
  };
  return storeCodes(
    pick(codes.mean),
    pick(codes.logVariance),
    [members.length, places.length, latentSize],
    configuration.codeVariance,
  );
}
