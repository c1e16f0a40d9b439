import { fillNormal, parameterCount, parameterRange, RandomStream } from '@unlikely/graph';
import { imageLayers, imageLayout } from './network.ts';
import type { ImageNetworkShape } from './network.ts';

/**
 * The first θ: weights from N(0, 2 / inputs) (He et al. 2015), those after which nothing is rectified a
 * third of that deviation so that training starts near the prior, biases 0.
 */
export function initialiseImages(
  shape: ImageNetworkShape,
  seed: number,
): Float32Array<ArrayBuffer> {
  const layout = imageLayout(shape);
  const theta = new Float32Array(parameterCount(layout));
  for (const { name, inputs, last } of imageLayers(shape)) {
    const { start, end } = parameterRange(layout, `${name}.weight`);
    const weights = theta.subarray(start, end);
    fillNormal(weights, new RandomStream(seed, 'initialise', name), 0);
    const scale = Math.sqrt(2 / inputs) * (last ? 1 / 3 : 1);
    for (let index = 0; index < weights.length; index++) weights[index]! *= scale;
  }
  return theta;
}
