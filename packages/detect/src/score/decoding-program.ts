import { constant, input, makeGraph, optimise, splitParameters, unsqueeze } from '@unlikely/graph';
import type { Graph } from '@unlikely/graph';
import { blockOrder, featureMoments } from '../likelihood/blocks.ts';
import { decode } from '../network/network.ts';
import { predictFields } from './predict-fields.ts';
import type { TrainedNetworks } from './trained-networks.ts';

/**
 * `code` float32 [rows, latentSize] of one member → `expected`, `lower`, `upper` float64
 * [rows, fields] in the units of the encoded row.
 */
export function decodingProgram({ core, theta }: TrainedNetworks): Graph {
  const { shape, features, blocks, configuration } = core;
  const code = input('code', ['rows', shape.latentSize]);
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);
  const decoded = decode(shape, parameters, unsqueeze(unsqueeze(code, 0), 0));
  const moments = featureMoments(blocks, features, decoded, configuration);
  const predicted = predictFields(core, blockOrder(blocks), moments);
  return optimise(makeGraph('decoding', [code], { ...predicted }));
}
