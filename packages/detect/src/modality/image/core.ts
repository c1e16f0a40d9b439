import { parameterCount } from '@unlikely/graph';
import type { ParameterLayout } from '@unlikely/graph';
import type { ImageConfiguration } from './configuration.ts';
import { imageLikelihoods } from './likelihood/likelihood.ts';
import type { ImageLikelihood, ImageLikelihoodContext } from './likelihood/likelihood.ts';
import { imageLayout, levelsOf } from './network/network.ts';
import type { ImageNetworkShape } from './network/network.ts';
import type { ImageShape } from './images.ts';
import type { Scales } from './network/scales.ts';

/** The parts of an image model that follow from its shape, scales and configuration alone. */
export interface ImageCore {
  readonly configuration: ImageConfiguration;
  readonly shape: ImageNetworkShape;
  readonly scales: Scales;
  readonly likelihood: ImageLikelihood;
  readonly context: ImageLikelihoodContext;
  readonly layout: ParameterLayout;
  readonly parameterCount: number;
}

export function imageCore(
  image: ImageShape,
  scales: Scales,
  configuration: ImageConfiguration,
): ImageCore {
  const { channels, height, width } = image;
  const { model, hiddenSize, latentSize, deviationFloor } = configuration;
  const variational = model === 'variational';
  const likelihood = imageLikelihoods[variational ? configuration.likelihood : 'squared-error'];
  const shape: ImageNetworkShape = {
    channels,
    height,
    width,
    levels: levelsOf(image, configuration.channels),
    hidden: hiddenSize,
    latentSize,
    pixelParameters: likelihood.parameters,
    mapParameters: variational ? 2 : 1,
    variational,
  };
  const layout = imageLayout(shape);
  return {
    configuration,
    shape,
    scales,
    likelihood,
    context: { mean: scales.pixelMean, deviation: scales.pixelDeviation, deviationFloor },
    layout,
    parameterCount: parameterCount(layout),
  };
}
