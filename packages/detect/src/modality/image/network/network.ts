import {
  add,
  concat,
  convolution,
  convolutionTranspose,
  gemm,
  matMul,
  relu,
  reshape,
  split,
  transpose,
} from '@unlikely/graph';
import type { ParameterLayout, ParameterSlot, Tensor } from '@unlikely/graph';
import { posteriorOf } from '../../../objective/posterior.ts';
import type { Posterior } from '../../../objective/posterior.ts';
import { detailMaps } from './detail-maps.ts';
import type { ImageShape } from '../images.ts';

/** One halving of the resolution. */
export interface Level {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * A convolutional encoder and its mirror image. The first convolution is 4 × 4 with stride 2, the
 * further ones 2 × 2 with stride 2: they do not overlap, so each is one product of matrices, several
 * times faster than an overlapping one of the same width. The detail maps enter and leave where the
 * resolution is a quarter. Two dense layers lead to the code. ReLU between layers; no normalisation,
 * so that a row's result is its own.
 */
export interface ImageNetworkShape extends ImageShape {
  readonly levels: readonly Level[];
  readonly hidden: number;
  readonly latentSize: number;
  /** Numbers that the decoder gives for a pixel and channel. */
  readonly pixelParameters: number;
  /** Numbers that the decoder gives for a value of a detail map. */
  readonly mapParameters: number;
  readonly variational: boolean;
}

/** Positions of the coarsest level: it is not halved once it has so few. */
const coarsest = 49;
const widest = 64;

/**
 * Halves from the image down while both sides are even and more than 7 × 7 positions are left, at
 * least twice: 28 → 14 → 7, 64 → 4, 96 → 6, 256 → 4. Channels double from `width` on, up to 64.
 */
export function levelsOf({ height, width }: ImageShape, channels: number): Level[] {
  const levels: Level[] = [];
  let [down, across, wide] = [height, width, channels];
  do {
    [down, across] = [down / 2, across / 2];
    levels.push({ height: down, width: across, channels: wide });
    wide = Math.min(widest, 2 * wide);
  } while (levels.length < 2 || (down * across > coarsest && down % 2 === 0 && across % 2 === 0));
  return levels;
}

const name = (part: string, level: number): string => `${part}${level}`;

/** Numbers of the coarsest level that the dense layers see: with the maps where it is a quarter. */
function gridSize({ levels }: ImageNetworkShape): number {
  const { height, width, channels } = levels.at(-1)!;
  return height * width * (channels + (levels.length === 2 ? detailMaps : 0));
}

/** Layers in order with the number of inputs of one output, for the first weights. */
export interface ImageLayer {
  readonly name: string;
  readonly weight: readonly number[];
  readonly bias: number;
  readonly inputs: number;
  /** Whether nothing is rectified after it: it starts small. */
  readonly last: boolean;
}

export function imageLayers(shape: ImageNetworkShape): ImageLayer[] {
  const { levels, hidden, latentSize, channels, variational } = shape;
  const layers: ImageLayer[] = [];
  const layer = (
    of: string,
    weight: readonly number[],
    bias: number,
    inputs: number,
    last = false,
  ): void => {
    layers.push({ name: of, weight, bias, inputs, last });
  };
  const [first] = levels as [Level];
  // The pixels, and where they are hidden.
  layer(
    name('encoder', 0),
    [first.channels, channels + 1, 4, 4],
    first.channels,
    (channels + 1) * 16,
  );
  for (let level = 1; level < levels.length; level++) {
    const inputs = 4 * (levels[level - 1]!.channels + (level === 2 ? detailMaps : 0));
    layer(
      name('encoder', level),
      [inputs, levels[level]!.channels],
      levels[level]!.channels,
      inputs,
    );
  }
  const grid = gridSize(shape);
  const code = variational ? 2 * latentSize : latentSize;
  layer('encoder-hidden', [grid, hidden], hidden, grid);
  layer('encoder-code', [hidden, code], code, hidden, true);
  layer('decoder-hidden', [latentSize, hidden], hidden, latentSize);
  const { height, width, channels: deepest } = levels.at(-1)!;
  layer('decoder-grid', [hidden, height * width * deepest], height * width * deepest, hidden);
  const maps = detailMaps * shape.mapParameters;
  layer('decoder-maps', [levels[1]!.channels, maps], maps, levels[1]!.channels, true);
  for (let level = levels.length - 1; level > 0; level--) {
    const outputs = 4 * levels[level - 1]!.channels;
    layer(
      name('decoder', level),
      [levels[level]!.channels, outputs],
      outputs,
      levels[level]!.channels,
    );
  }
  const pixel = channels * shape.pixelParameters;
  layer(name('decoder', 0), [first.channels, pixel, 4, 4], pixel, first.channels * 4, true);
  return layers;
}

export function imageLayout(shape: ImageNetworkShape): ParameterLayout {
  return imageLayers(shape).flatMap(({ name: of, weight, bias }): ParameterSlot[] => [
    { name: `${of}.weight`, shape: weight },
    { name: `${of}.bias`, shape: [bias] },
  ]);
}

type Parameters = Readonly<Record<string, Tensor>>;

/** x [rows, …, inputs] by the layer → [rows, …, outputs]; one fused product where the rows are counted. */
function dense(x: Tensor, parameters: Parameters, layer: string): Tensor {
  const weight = parameters[`${layer}.weight`]!;
  const bias = parameters[`${layer}.bias`]!;
  const lead = x.shape.slice(0, -1);
  if (lead.some((size) => typeof size === 'string')) return add(matMul(x, weight), bias);
  const rows = lead.reduce<number>((product, size) => product * (size as number), 1);
  const flat = gemm(reshape(x, [rows, x.shape.at(-1)!]), weight, bias);
  return reshape(flat, [...lead, weight.shape[1]!]);
}

const halving = { strides: [2, 2], pads: [1, 1, 1, 1] } as const;

/** [rows, H, W, C] → [rows, H/2, W/2, 4 C]. */
function toBlocks(x: Tensor): Tensor {
  const [rows, height, width, channels] = x.shape as [number, number, number, number];
  const apart = reshape(x, [rows, height / 2, 2, width / 2, 2, channels]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4, 5]), [rows, height / 2, width / 2, 4 * channels]);
}

/** [rows, H, W, 4 C] → [rows, 2 H, 2 W, C]. */
function fromBlocks(x: Tensor): Tensor {
  const [rows, height, width, wide] = x.shape as [number, number, number, number];
  const apart = reshape(x, [rows, height, width, 2, 2, wide / 4]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4, 5]), [rows, 2 * height, 2 * width, wide / 4]);
}

/** What the encoder sees: both with 0 where they are hidden. */
export interface EncoderInput {
  /** Standardised pixels with where they are hidden (1) as a further channel, [rows, C + 1, H, W]. */
  readonly pixels: Tensor;
  /** Standardised detail maps, [rows, H/4, W/4, 2]. */
  readonly maps: Tensor;
}

/** → [rows, 2 latentSize] or, without a posterior, [rows, latentSize]. */
function encodeRaw(
  shape: ImageNetworkShape,
  p: Parameters,
  { pixels, maps }: EncoderInput,
): Tensor {
  const { levels } = shape;
  const rows = pixels.shape[0]!;
  const first = convolution(pixels, p['encoder0.weight']!, p['encoder0.bias'], halving);
  let x = transpose(relu(first), [0, 2, 3, 1]);
  for (let level = 1; level < levels.length; level++) {
    x = relu(dense(toBlocks(x), p, name('encoder', level)));
    if (level === 1) x = concat([x, maps], -1);
  }
  const flat = reshape(x, [rows, gridSize(shape)]);
  return dense(relu(dense(flat, p, 'encoder-hidden')), p, 'encoder-code');
}

export function encodeImages(
  shape: ImageNetworkShape,
  parameters: Parameters,
  input: EncoderInput,
): Posterior {
  return posteriorOf(encodeRaw(shape, parameters, input), shape.latentSize);
}

/** The code of a plain autoencoder, [rows, latentSize]. */
export function encodeImagePoint(
  shape: ImageNetworkShape,
  parameters: Parameters,
  input: EncoderInput,
): Tensor {
  return encodeRaw(shape, parameters, input);
}

/** What the decoder gives. */
export interface DecodedImages {
  /** One tensor [rows, C, H, W] for each parameter of the likelihood of pixels. */
  readonly pixels: readonly Tensor[];
  /** One tensor [rows, H/4, W/4, 2] for each parameter of that of the maps. */
  readonly maps: readonly Tensor[];
}

/** Codes [rows, latentSize] → parameters of the distributions. */
export function decodeImages(
  shape: ImageNetworkShape,
  parameters: Parameters,
  codes: Tensor,
): DecodedImages {
  const { levels, channels, pixelParameters, mapParameters } = shape;
  const rows = codes.shape[0]!;
  const { height, width, channels: deepest } = levels.at(-1)!;
  const hidden = relu(dense(codes, parameters, 'decoder-hidden'));
  const grid = relu(dense(hidden, parameters, 'decoder-grid'));
  let x = reshape(grid, [rows, height, width, deepest]);
  let maps: Tensor | undefined;
  for (let level = levels.length - 1; level > 0; level--) {
    if (level === 1) maps = dense(x, parameters, 'decoder-maps');
    x = relu(fromBlocks(dense(x, parameters, name('decoder', level))));
  }
  const pixels = convolutionTranspose(
    transpose(x, [0, 3, 1, 2]),
    parameters['decoder0.weight']!,
    parameters['decoder0.bias'],
    halving,
  );
  const times = (count: number, size: number): number[] =>
    Array.from({ length: count }, () => size);
  return {
    pixels: split(pixels, times(pixelParameters, channels), 1),
    maps: split(maps!, times(mapParameters, detailMaps), -1),
  };
}
