import { fillNormal, parameterCount, parameterRange, RandomStream } from '@unlikely/graph';
import { decoderLayers, encoderLayers, networkLayout } from './network.ts';
import type { NetworkShape } from './network.ts';

/**
 * The first θ: weights from N(0, 2 / (inputs + outputs)) (Glorot & Bengio 2010), those of the last
 * layers halved so that training starts near the prior, biases 0.
 */
export function initialise(shape: NetworkShape, seed: number): Float32Array<ArrayBuffer> {
  const layout = networkLayout(shape);
  const theta = new Float32Array(parameterCount(layout));
  for (const { name, inputs, outputs, last } of [
    ...encoderLayers(shape),
    ...decoderLayers(shape),
  ]) {
    const { start, end } = parameterRange(layout, `${name}.weight`);
    const weights = theta.subarray(start, end);
    fillNormal(weights, new RandomStream(seed, 'initialise', name), 0);
    const scale = Math.sqrt(2 / (inputs + outputs)) * (last ? 0.5 : 1);
    for (let index = 0; index < weights.length; index++) weights[index]! *= scale;
  }
  return theta;
}
