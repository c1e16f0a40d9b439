import { add, multiply, reduceSum, subtract } from '@unlikely/graph';
import type { Tensor, TrainingObjective } from '@unlikely/graph';
import { evidenceLowerBound } from '../../objective/evidence-lower-bound.ts';
import { encoderInput, hiddenPlaces, standardMaps } from './encode/encoder-input.ts';
import type { ImageCore } from './core.ts';
import { gaussianSurprise } from './likelihood/likelihood.ts';
import { decodeImages, encodeImagePoint, encodeImages } from './network/network.ts';
import type { DecodedImages, EncoderInput } from './network/network.ts';

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
 * The evidence lower bound of images with a part of most images hidden from the encoder, while the
 * decoder answers for all of the image. So the model learns to say what belongs in a
 * place that it does not see (Ivanov et al. 2019; as detection Zavrtanik et al. 2021).
 */
export function imageObjective(core: ImageCore, batchRows: number): TrainingObjective {
  const { shape, configuration } = core;
  const { channels, height, width } = shape;
  const seen = ({ pixels, regions }: Readonly<Record<string, Tensor>>): EncoderInput =>
    encoderInput(core, pixels!, standardMaps(pixels!, core), hiddenPlaces(regions!, core));
  return evidenceLowerBound(
    {
      ...core,
      ...shape,
      members: 1,
      maximumGradientNorm: configuration.maximumGradientNorm,
    },
    {
      batch: {
        pixels: { shape: [batchRows, channels, height, width] },
        regions: { shape: [batchRows, 4] },
      },
      encode: (parameters, batch) => encodeImages(shape, parameters, seen(batch)),
      encodePoint: (parameters, batch) => encodeImagePoint(shape, parameters, seen(batch)),
      surprise: (parameters, codes, { pixels }) => {
        const maps = standardMaps(pixels!, core);
        const decoded = decodeImages(shape, parameters, codes);
        const surprise = imageSurprise(core, decoded, pixels!, maps);
        return add(reduceSum(surprise.pixels), reduceSum(surprise.maps));
      },
    },
    batchRows,
  );
}
