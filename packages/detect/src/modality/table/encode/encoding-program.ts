import {
  constant,
  input,
  makeGraph,
  multiply,
  optimise,
  splitParameters,
  unsqueeze,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { standardise } from '../column/standardise.ts';
import type { ModelCore } from '../core.ts';
import { fillMissing } from './fill-missing.ts';
import { encode, encodePoint } from '../network/network.ts';
import type { Program } from '../../../score/program.ts';

/** `rows` float64 [rows, fields] → `mean` and `log_variance` of the codes, float32 [members, rows, latentSize]. */
export function encodingProgram(
  core: ModelCore,
  theta: Float32Array,
): Program<{ readonly mean: Float32Array; readonly log_variance: Float32Array }> {
  const { shape, fields, features, layout } = core;
  const rows = input('rows', ['rows', fields.length], 'float64');
  const { features: known, present } = standardise(rows, features);
  const parameters = splitParameters(constant(theta, { name: 'theta' }), layout);
  const x = fillMissing(core, parameters, known, present);
  const withMembers = (tensor: Tensor): Tensor =>
    shape.members === 1 ? unsqueeze(tensor, 0) : tensor;
  const { mean, logVariance } = shape.variational
    ? encode(shape, parameters, x)
    : { mean: encodePoint(shape, parameters, x), logVariance: undefined };
  return optimise(
    makeGraph('encoding', [rows], {
      mean: withMembers(mean),
      log_variance: withMembers(logVariance ?? multiply(mean, 0)),
    }),
  );
}
