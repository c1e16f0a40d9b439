import {
  add,
  clip,
  constant,
  divide,
  input,
  makeGraph,
  maximum,
  multiply,
  optimise,
  slice,
  splitParameters,
  subtract,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { encoderInput, standardMaps } from '../encode/encoder-input.ts';
import { decodeImages, encodeImagePoint, encodeImages } from '../network/network.ts';
import type { ImageNetworks } from './measure.ts';
import type { Program } from '../../../score/program.ts';
import { windowMeans } from './structural-similarity.ts';

/** The restored image is encoded anew: the code of a damaged one is of no image. */
const rounds = 3;
/** Damage is looked for in windows of so many pixels. */
const windowSide = 9;
const smoothing = 3;
const leastVariance = 1e-9;

/**
 * `pixels` float32 [rows, C, H, W] in [0, 1] → `restored`, of the same shape. Each pixel moves from what
 * came, x, towards what the decoder expects, x̂ with variance v, as far as the noise around it says:
 *
 *     n = max(0, mean over a window of (x − x̂)² − v)     what the decoder's own variance leaves open
 *     restored = x̂ + v / (v + n) · (x − x̂)               the mean of N(x̂, v) given x with noise n
 *
 * (Wiener 1949; Lee 1980 for the local noise). Without damage n is about 0 and the image stays; where
 * the decoder is sure and something else came, the decoder is believed. Then the restored image
 * is encoded, and x is compared with what is expected of that. Without a variance of grey levels (a plain
 * autoencoder, a Bernoulli) the expected image takes the place of the image.
 */
export function imageDenoisingProgram({
  core,
  theta,
}: ImageNetworks): Program<{ readonly restored: Float32Array }> {
  const { channels, height, width, variational } = core.shape;
  const pixels = input('pixels', ['rows', channels, height, width]);
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);
  // Noise is detail that no image has: the first code is that of the smoothed image.
  let restored = windowMeans(pixels, smoothing);
  for (let round = 0; round < rounds; round++) {
    const maps = standardMaps(restored, core);
    const nothingHidden = {
      pixels: multiply(slice(restored, 0, 1, 1), 0),
      cells: multiply(slice(maps, 0, 1, 3), 0),
    };
    const seen = encoderInput(core, restored, maps, nothingHidden);
    const code = variational
      ? encodeImages(core.shape, parameters, seen).mean
      : encodeImagePoint(core.shape, parameters, seen);
    const outputs = decodeImages(core.shape, parameters, code).pixels;
    const expected = core.likelihood.mean(outputs, core.context);
    const variance = core.likelihood.variance?.(outputs, core.context);
    restored = variance === undefined ? clip(expected, 0, 1) : between(pixels, expected, variance);
  }
  return optimise(makeGraph('image-denoising', [pixels], { restored }));
}

function between(pixels: Tensor, expected: Tensor, variance: Tensor): Tensor {
  const residual = subtract(pixels, expected);
  const excess = subtract(multiply(residual, residual), variance);
  const noise = maximum(windowMeans(excess, windowSide), 0);
  const own = maximum(variance, leastVariance);
  return clip(add(expected, multiply(residual, divide(own, add(own, noise)))), 0, 1);
}
