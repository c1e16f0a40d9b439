import { gather, greater, where } from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { blockOrder, featureMoments } from '../likelihood/blocks.ts';
import type { ModelCore } from '../core.ts';
import { decode, encode, encodePoint } from '../network/network.ts';

/** After two the scores of rows with a missing value no longer move. */
const passes = 2;

/**
 * Missing features are filled with what each member expects in their place, found by encoding and
 * decoding the row twice from the mean on (pseudo-Gibbs with means: Rezende et al. 2014, appendix F).
 * A row keeps its present values bit by bit. Without it the encoder would take the mean for the
 * value, and the other columns would pay: one missing of six correlated columns raised the mean
 * score by 0.4 to 1.4 standard deviations, with it by less than 0.15.
 *
 * @param x Features [rows, G], 0 where missing.
 * @param present 1 or 0, [rows, G].
 * @returns [members, rows, G], without the first axis for one member.
 */
export function fillMissing(
  core: ModelCore,
  parameters: Readonly<Record<string, Tensor>>,
  x: Tensor,
  present: Tensor,
): Tensor {
  const { shape, blocks, features, configuration } = core;
  const isPresent = greater(present, 0);
  const order = blockOrder(blocks);
  const inFeatureOrder = (tensor: Tensor): Tensor =>
    order.every((index, position) => index === position)
      ? tensor
      : gather(
          tensor,
          order.map((_, index) => order.indexOf(index)),
          -1,
        );
  let filled = x;
  for (let pass = 0; pass < passes; pass++) {
    const code = shape.variational
      ? encode(shape, parameters, filled).mean
      : encodePoint(shape, parameters, filled);
    const decoded = decode(shape, parameters, code);
    const { mean } = featureMoments(blocks, features, decoded, configuration);
    filled = where(isPresent, x, inFeatureOrder(mean));
  }
  return filled;
}
