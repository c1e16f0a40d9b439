import { add, gemm, matMul, relu } from '@unlikely/graph';
import type { ParameterLayout, ParameterSlot, Tensor } from '@unlikely/graph';
import type { Configuration } from '../configuration.ts';
import { posteriorOf } from '../../../objective/posterior.ts';
import type { Posterior } from '../../../objective/posterior.ts';

/**
 * The two networks of an autoencoder, ReLU between layers and linear at the end: the encoder gives
 * mean and log-variance of the latent code (Kingma & Welling 2014, appendix C.2), the decoder the
 * parameters of the distribution of every feature. All members of the ensemble are computed at once:
 * their weights carry a leading axis.
 */
export interface NetworkShape {
  readonly members: number;
  readonly features: number;
  readonly encoderSizes: readonly number[];
  readonly decoderSizes: readonly number[];
  readonly latentSize: number;
  /** Numbers that the decoder gives for a row: parameters of all distributions. */
  readonly outputs: number;
  readonly variational: boolean;
}

export function networkShape(
  configuration: Configuration,
  features: number,
  outputs: number,
): NetworkShape {
  const { encoderSizes, decoderSizes, latentSize, members } = configuration;
  return {
    members,
    features,
    encoderSizes,
    decoderSizes: decoderSizes ?? [...encoderSizes].reverse(),
    latentSize,
    outputs,
    variational: configuration.model === 'variational',
  };
}

interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Whether it is the last of its network. */
  readonly last: boolean;
}

function layersOf(prefix: string, sizes: readonly number[]): Layer[] {
  return sizes.slice(1).map((outputs, index) => ({
    name: `${prefix}${index}`,
    inputs: sizes[index]!,
    outputs,
    last: index === sizes.length - 2,
  }));
}

/** The encoder gives mean and log-variance at once; a plain autoencoder has only the mean. */
export function encoderLayers(shape: NetworkShape): Layer[] {
  const code = shape.variational ? 2 * shape.latentSize : shape.latentSize;
  return layersOf('encoder', [shape.features, ...shape.encoderSizes, code]);
}

export function decoderLayers(shape: NetworkShape): Layer[] {
  return layersOf('decoder', [shape.latentSize, ...shape.decoderSizes, shape.outputs]);
}

/** Where weights [members, inputs, outputs] and biases [members, 1, outputs] lie in θ. */
export function networkLayout(shape: NetworkShape): ParameterLayout {
  const { members } = shape;
  return [...encoderLayers(shape), ...decoderLayers(shape)].flatMap(
    ({ name, inputs, outputs }): ParameterSlot[] =>
      members === 1
        ? [
            { name: `${name}.weight`, shape: [inputs, outputs] },
            { name: `${name}.bias`, shape: [outputs] },
          ]
        : [
            { name: `${name}.weight`, shape: [members, inputs, outputs] },
            { name: `${name}.bias`, shape: [members, 1, outputs] },
          ],
  );
}

type Parameters = Readonly<Record<string, Tensor>>;

function forward(layers: readonly Layer[], parameters: Parameters, x: Tensor): Tensor {
  return layers.reduce((value, { name, last }) => {
    const weight = parameters[`${name}.weight`]!;
    const bias = parameters[`${name}.bias`]!;
    const linear = dense(value, weight, bias);
    return last ? linear : relu(linear);
  }, x);
}

/** One fused operator where nothing is batched. */
function dense(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  if (x.shape.length === 2 && weight.shape.length === 2) return gemm(x, weight, bias);
  return add(matMul(x, weight), bias);
}

export function encode(shape: NetworkShape, parameters: Parameters, features: Tensor): Posterior {
  return posteriorOf(forward(encoderLayers(shape), parameters, features), shape.latentSize);
}

/** The code of a plain autoencoder. */
export function encodePoint(shape: NetworkShape, parameters: Parameters, features: Tensor): Tensor {
  return forward(encoderLayers(shape), parameters, features);
}

/** Codes [..., rows, latentSize] → parameters of the distributions [..., rows, outputs]. */
export function decode(shape: NetworkShape, parameters: Parameters, codes: Tensor): Tensor {
  return forward(decoderLayers(shape), parameters, codes);
}
