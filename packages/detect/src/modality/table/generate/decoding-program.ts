import {
  cast,
  constant,
  input,
  makeGraph,
  optimise,
  reduceMean,
  splitParameters,
  unsqueeze,
} from '@unlikely/graph';
import { blockOrder, featureMoments } from '../likelihood/blocks.ts';
import { decode } from '../network/network.ts';
import type { Program } from '../../../score/program.ts';
import { predictFields } from '../score/predict-fields.ts';
import type { TrainedNetworks } from '../score/trained-networks.ts';

/**
 * Codes of one member, `rows` float64 [rows, latentSize], taken as float32 →
 * - `expected` float64 [rows, fields], the mean in the units of the encoded row;
 * - `mean` and `variance` float32 [rows, features] in block order, of each feature in standardised
 *   units: what rows are drawn from.
 */
export function decodingProgram({ core, theta }: TrainedNetworks): Program<{
  readonly expected: Float64Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}> {
  const { shape, features, blocks, configuration } = core;
  const codes = input('rows', ['rows', shape.latentSize], 'float64');
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);
  const decoded = decode(shape, parameters, unsqueeze(unsqueeze(cast(codes, 'float32'), 0), 0));
  const moments = featureMoments(blocks, features, decoded, configuration);
  const { expected } = predictFields(core, blockOrder(blocks), moments);
  return optimise(
    makeGraph('decoding', [codes], {
      expected,
      mean: reduceMean(moments.mean, { axes: [0, 1] }),
      variance: reduceMean(moments.variance, { axes: [0, 1] }),
    }),
  );
}
