import {
  add,
  cast,
  constant,
  log,
  multiply,
  quasiNormal,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  splitParameters,
  subtract,
  transpose,
  unsqueeze,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { klToPrior } from '../../../objective/kl-to-prior.ts';
import { aggregateGap } from '../../../score/aggregate-posterior.ts';
import type { StoredCodes } from '../../../score/aggregate-posterior.ts';
import { exactSum } from '../../../score/exact-sum.ts';
import { cellSide } from '../network/detail-maps.ts';
import { encoderInput, hiddenPlaces, standardMaps } from '../encode/encoder-input.ts';
import { nothingHidden, scoringRegions } from '../network/hidden-regions.ts';
import type { Region } from '../network/hidden-regions.ts';
import type { ImageCore } from '../core.ts';
import { decodeImages, encodeImagePoint, encodeImages } from '../network/network.ts';
import { imageSurprise } from '../objective.ts';
import { nearestImageParts } from './nearest-image.ts';
import type { StatisticKind } from './statistic.ts';
import type { StoredImages } from './stored-images.ts';
import { structuralDifference, windowMeans } from './structural-similarity.ts';

/** Trained weights with what scores need beside them. */
export interface ImageNetworks {
  readonly core: ImageCore;
  readonly theta: Float32Array;
  /** None for a plain autoencoder. */
  readonly storedCodes: StoredCodes | undefined;
  /** None where the score does not compare with them. */
  readonly storedImages: StoredImages | undefined;
}

/** A statistic of each image. */
export interface Statistic {
  /** float64 [rows]. */
  readonly value: Tensor;
  /** What it is the sum of, float32 [rows, H, W]; undefined where it is of no place. */
  readonly parts: Tensor | undefined;
}

export interface Measured {
  readonly statistics: { readonly [K in StatisticKind]: Statistic };
  /** log Σ (differences between neighbours)²: how much there is to get wrong, float64 [rows]. */
  readonly complexity: Tensor;
  /** The surprise as each latent point sees it, float64 [rows] each. */
  readonly draws: readonly Tensor[];
  /** The expected image, [rows, C, H, W]. */
  readonly expected: Tensor;
  /** [rows, latentSize]. */
  readonly code: Tensor;
  readonly logVariance: Tensor;
}

/** Windows over which errors are smoothed. */
const smoothing = 5;
/** Gradient energy below that of one level at one place does not make an image simpler. */
const leastComplexity = (1 / 255) ** 2;

const square = (x: Tensor): Tensor => multiply(x, x);
/** [rows, …] → float64 [rows], added in double. */
function total(x: Tensor): Tensor {
  const size = x.shape.slice(1).reduce<number>((product, side) => product * (side as number), 1);
  return reduceSum(cast(reshape(x, [x.shape[0]!, size]), 'float64'), { axes: [1] });
}
/** [rows, C, H, W] → [rows, H, W]. */
function overChannels(x: Tensor): Tensor {
  const [rows, channels, height, width] = x.shape;
  return channels === 1 ? reshape(x, [rows!, height!, width!]) : reduceSum(x, { axes: [1] });
}

/** Squares of a side [rows, H/side, W/side] → pixels [rows, H, W], each with an even part of its square. */
function spread(squares: Tensor, side = cellSide): Tensor {
  const [rows, down, across] = squares.shape as [number, number, number];
  const part = constant(new Float32Array(side ** 2).fill(1 / side ** 2), {
    shape: [1, 1, side, 1, side],
  });
  const apart = multiply(reshape(squares, [rows, down, 1, across, 1]), part);
  return reshape(apart, [rows, down * side, across * side]);
}

/** Everything that is measured of images, pixels [rows, C, H, W] in [0, 1]; `rows` may be symbolic. */
export function measure(
  { core, theta, storedCodes, storedImages }: ImageNetworks,
  pixels: Tensor,
): Measured {
  const { shape, configuration, context } = core;
  const { height, width, latentSize, variational } = shape;
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);
  const maps = standardMaps(pixels, core);
  const encodeHiding = (region: Region) => {
    const places = hiddenPlaces(constant(region, { shape: [1, 4] }), core);
    const everyRow = (of: Tensor, like: Tensor): Tensor => add(multiply(like, 0), of);
    const hidden = {
      pixels: everyRow(places.pixels, slice(pixels, 0, 1, 1)),
      cells: everyRow(places.cells, slice(maps, 0, 1, 3)),
    };
    const input = encoderInput(core, pixels, maps, hidden);
    if (variational) return { ...places, ...encodeImages(shape, parameters, input) };
    const mean = encodeImagePoint(shape, parameters, input);
    const zero = multiply(mean, 0);
    return { ...places, mean, logVariance: zero, deviation: zero };
  };
  const expectation = (code: Tensor): { pixels: Tensor; maps: Tensor } => {
    const decoded = decodeImages(shape, parameters, code);
    return { pixels: core.likelihood.mean(decoded.pixels, context), maps: decoded.maps[0]! };
  };

  const seen = encodeHiding(nothingHidden);
  const { mean, logVariance, deviation } = seen;
  const expected = expectation(mean);
  const residual = subtract(pixels, expected.pixels);
  const mapResidual = subtract(maps, expected.maps);

  const points = variational ? configuration.samples : 0;
  const offsets = points === 0 ? new Float32Array(latentSize) : quasiNormal(points, latentSize);
  const surprises = Array.from({ length: Math.max(1, points) }, (_, point) => {
    const offset = offsets.subarray(point * latentSize, (point + 1) * latentSize);
    const code = add(mean, multiply(deviation, constant(offset, { shape: [1, latentSize] })));
    const surprise = imageSurprise(core, decodeImages(shape, parameters, code), pixels, maps);
    return add(overChannels(surprise.pixels), spread(reduceSum(surprise.maps, { axes: [3] })));
  });
  const surprise = mean1(surprises);

  const masked = scoringRegions(shape).map((region) => {
    const partial = encodeHiding(region);
    const guess = expectation(partial.mean);
    const inside = reshape(partial.pixels, [1, height, width]);
    const cells = reshape(partial.cells, [1, height / cellSide, width / cellSide]);
    const mapError = reduceSum(square(subtract(maps, guess.maps)), { axes: [3] });
    return {
      error: multiply(overChannels(square(subtract(pixels, guess.pixels))), inside),
      mapError: spread(multiply(mapError, cells)),
    };
  });

  const error = overChannels(square(residual));
  const asChannel = (x: Tensor): Tensor => unsqueeze(x, 1);
  const spatial = (parts: Tensor): Statistic => ({ value: total(parts), parts });
  const alone = (value: Tensor): Statistic => ({ value: cast(value, 'float64'), parts: undefined });
  const withMembers = (x: Tensor): Tensor => unsqueeze(x, 0);
  const variance = square(deviation);
  return {
    statistics: {
      surprise: spatial(surprise),
      divergence: alone(
        variational
          ? klToPrior(mean, logVariance, variance, (x) => exactSum(x, -1))
          : reduceSum(multiply(mean, 0), { axes: [1] }),
      ),
      latent: alone(
        storedCodes === undefined
          ? reduceSum(multiply(mean, 0), { axes: [1] })
          : reshape(
              aggregateGap({
                mean: withMembers(mean),
                logVariance: withMembers(logVariance),
                deviation: withMembers(deviation),
                storedCodes,
              }),
              [mean.shape[0]!],
            ),
      ),
      error: spatial(error),
      'local-error': spatial(overChannels(square(windowMeans(asChannel(error), smoothing)))),
      'coarse-error': spatial(spread(coarse(residual))),
      'map-error': spatial(
        spread(overChannels(square(windowMeans(transpose(mapResidual, [0, 3, 1, 2]), smoothing)))),
      ),
      structure: spatial(overChannels(structuralDifference(pixels, expected.pixels))),
      'masked-error': spatial(sum(masked.map((part) => part.error))),
      'masked-map-error': spatial(sum(masked.map((part) => part.mapError))),
      neighbour: spatial(
        storedImages === undefined
          ? multiply(error, 0)
          : spread(
              nearestImageParts(pixels, storedImages, core.scales.pixelMean),
              storedImages.block,
            ),
      ),
    },
    complexity: log(add(add(gradient(pixels, 2), gradient(pixels, 3)), leastComplexity)),
    draws: surprises.map(total),
    expected: expected.pixels,
    code: mean,
    logVariance,
  };
}

const sum = (tensors: readonly Tensor[]): Tensor =>
  tensors.reduce((left, right) => add(left, right));
const mean1 = (tensors: readonly Tensor[]): Tensor =>
  tensors.length === 1 ? tensors[0]! : multiply(sum(tensors), 1 / tensors.length);

/** Squared means of a residual [rows, C, H, W] over cells, summed over channels, [rows, H/4, W/4]. */
function coarse(residual: Tensor): Tensor {
  const [rows, channels, height, width] = residual.shape as [number, number, number, number];
  const cells = reshape(residual, [
    rows,
    channels,
    height / cellSide,
    cellSide,
    width / cellSide,
    cellSide,
  ]);
  return overChannels(square(reduceMean(cells, { axes: [3, 5] })));
}

/** Σ (difference of neighbours)² along an axis, float64 [rows]. */
function gradient(pixels: Tensor, axis: 2 | 3): Tensor {
  const size = pixels.shape[axis] as number;
  return total(square(subtract(slice(pixels, 1, size, axis), slice(pixels, 0, size - 1, axis))));
}
