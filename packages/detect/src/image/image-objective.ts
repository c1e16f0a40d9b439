import {
  adam,
  add,
  divide,
  multiply,
  reduceSum,
  reshape,
  splitParameters,
  subtract,
} from '@unlikely/graph';
import type { Tensor, TrainingObjective } from '@unlikely/graph';
import { klToPrior } from '../score/score-parts.ts';
import { encoderInput, hiddenPlaces, standardMaps } from './encoder-input.ts';
import type { ImageCore } from './image-core.ts';
import { gaussianSurprise } from './image-likelihood.ts';
import { decodeImages, encodeImagePoint, encodeImages } from './image-network.ts';
import type { DecodedImages } from './image-network.ts';

/** −log p of pixels [rows, C, H, W] and of detail maps [rows, H/4, W/4, 2]. */
export function imageSurprise(
  core: ImageCore,
  decoded: DecodedImages,
  pixels: Tensor,
  maps: Tensor,
): { pixels: Tensor; maps: Tensor } {
  const { likelihood, context, shape } = core;
  const [mean, a] = decoded.maps as [Tensor, Tensor];
  const error = subtract(maps, mean);
  return {
    pixels: likelihood.negativeLogLikelihood(pixels, decoded.pixels, context),
    maps: shape.variational
      ? gaussianSurprise(maps, mean, a, context.deviationFloor)
      : multiply(error, error),
  };
}

/**
 * The negative evidence lower bound of images (Kingma & Welling 2014, equation 10) with a part of most
 * images hidden from the encoder, while the decoder answers for all of the image: the mean over the
 * batch of −log p(x|z) + β KL(q(z|x visible) ‖ N(0, I)). So the model learns to say what belongs in a
 * place that it does not see (Ivanov et al. 2019; as detection Zavrtanik et al. 2021). A plain
 * autoencoder has the squared error alone.
 */
export function imageObjective(core: ImageCore, batchRows: number): TrainingObjective {
  const { shape, layout, configuration } = core;
  const { channels, height, width, latentSize, variational } = shape;
  return {
    parameterCount: core.parameterCount,
    parameterSizes: layout.map((slot) => slot.shape.reduce((product, size) => product * size, 1)),
    batch: {
      pixels: { shape: [batchRows, channels, height, width] },
      regions: { shape: [batchRows, 4] },
      ...(variational ? { noise: { shape: [batchRows, latentSize] } } : {}),
    },
    scheduled: variational ? ['klWeight'] : [],
    optimiser: adam(),
    maximumGradientNorm: configuration.maximumGradientNorm,
    build: (theta, { pixels, regions, noise }, { klWeight }) => {
      const parameters = splitParameters(theta, layout);
      const maps = standardMaps(pixels!, core);
      const input = encoderInput(core, pixels!, maps, hiddenPlaces(regions!, core));
      const reconstructionOf = (codes: Tensor): Tensor => {
        const surprise = imageSurprise(core, decodeImages(shape, parameters, codes), pixels!, maps);
        return divide(add(reduceSum(surprise.pixels), reduceSum(surprise.maps)), batchRows);
      };
      if (!variational) {
        const reconstruction = reconstructionOf(encodeImagePoint(shape, parameters, input));
        return { loss: reconstruction, metrics: { reconstruction } };
      }
      const { mean, logVariance, deviation } = encodeImages(shape, parameters, input);
      const reconstruction = reconstructionOf(add(mean, multiply(deviation, noise!)));
      const variance = multiply(deviation, deviation);
      const kl = divide(reduceSum(klToPrior(mean, logVariance, variance)), batchRows);
      return {
        loss: add(reshape(reconstruction, [1]), multiply(reshape(kl, [1]), klWeight!)),
        metrics: { reconstruction, kl },
      };
    },
  };
}
