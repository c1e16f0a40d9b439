import {
  add,
  clip,
  exp,
  greater,
  less,
  log,
  multiply,
  reciprocal,
  sigmoid,
  softplus,
  subtract,
  cast,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { boundedPrecision, logTwoPi } from '../../../likelihood/bounded-precision.ts';

/** The distributions that a decoder can give a pixel. */
export const imageLikelihoodKinds = [
  'gaussian',
  'bernoulli',
  'discretised-logistic',
  'squared-error',
] as const;

export type ImageLikelihoodKind = (typeof imageLikelihoodKinds)[number];

export interface ImageLikelihoodContext {
  /** Mean and standard deviation of the pixels of normal images. */
  readonly mean: number;
  readonly deviation: number;
  /** Smallest standard deviation of a Gaussian, in standard deviations of the pixels. */
  readonly deviationFloor: number;
}

/** One distribution for every pixel; all tensors have the same shape. */
export interface ImageLikelihood {
  /** Numbers that the decoder gives for a pixel. */
  readonly parameters: number;
  /** −log p(x) of pixels in [0, 1]. */
  readonly negativeLogLikelihood: (
    x: Tensor,
    outputs: readonly Tensor[],
    context: ImageLikelihoodContext,
  ) => Tensor;
  /** The expected pixel, about [0, 1]. */
  readonly mean: (outputs: readonly Tensor[], context: ImageLikelihoodContext) => Tensor;
  /** Its variance, of pixels in [0, 1]; none where the decoder says nothing of how far a grey level may be off. */
  readonly variance?: (outputs: readonly Tensor[], context: ImageLikelihoodContext) => Tensor;
}

export function standardisePixels(
  x: Tensor,
  { mean, deviation }: Pick<ImageLikelihoodContext, 'mean' | 'deviation'>,
): Tensor {
  return multiply(subtract(x, mean), 1 / deviation);
}

const toPixels = (standard: Tensor, { mean, deviation }: ImageLikelihoodContext): Tensor =>
  add(multiply(standard, deviation), mean);

/** −log p of standardised values under N(m, σ²), with the precision of `boundedPrecision`. */
export function gaussianSurprise(
  standard: Tensor,
  mean: Tensor,
  a: Tensor,
  deviationFloor: number,
): Tensor {
  const precision = boundedPrecision(a, deviationFloor);
  const error = subtract(standard, mean);
  const distance = multiply(multiply(error, error), precision);
  return multiply(add(subtract(distance, log(precision)), logTwoPi), 0.5);
}

/** Log-odds beyond this would claim more than pixels can show. */
const farthestLogit = 10;
/** Half the distance between two levels of 8 bits. */
const halfLevel = 0.5 / 255;
const logScaleRange = [-7, 2] as const;

const toFloat = (mask: Tensor): Tensor => cast(mask, 'float32');

/**
 * The logistic distribution of mean μ and scale s, as a distribution over the 256 levels of 8 bits
 * (Salimans et al. 2017, equation 2): log(σ(b) − σ(a)) with b, a = (x ± ½ level − μ) / s, the outermost
 * levels taking the tails. With δ = b − a it is −softplus(−b) − softplus(a) + log(1 − e^−δ), which
 * neither over- nor underflows.
 */
const discretisedLogistic: ImageLikelihood = {
  parameters: 2,
  negativeLogLikelihood: (x, [raw, rawScale], context) => {
    const logScale = clip(add(rawScale!, initialLogScale), ...logScaleRange);
    const precision = exp(multiply(logScale, -1));
    const centred = subtract(x, toPixels(raw!, context));
    const above = multiply(add(centred, halfLevel), precision);
    const below = multiply(subtract(centred, halfLevel), precision);
    const notTop = toFloat(less(x, 1 - halfLevel));
    const notBottom = toFloat(greater(x, halfLevel));
    const width = multiply(precision, 2 * halfLevel);
    const inside = log(subtract(1, exp(multiply(width, -1))));
    const tails = add(
      multiply(softplus(multiply(above, -1)), notTop),
      multiply(softplus(below), notBottom),
    );
    return subtract(tails, multiply(inside, multiply(notTop, notBottom)));
  },
  mean: ([raw], context) => toPixels(raw!, context),
  variance: ([, rawScale]) =>
    multiply(
      exp(multiply(clip(add(rawScale!, initialLogScale), ...logScaleRange), 2)),
      logisticVariance,
    ),
};
/** Of a logistic distribution of scale 1. */
const logisticVariance = Math.PI ** 2 / 3;
/** Training starts with a scale of e⁻², a seventh of the range. */
const initialLogScale = -2;

/** The closed table of likelihoods of pixels. */
export const imageLikelihoods: { readonly [K in ImageLikelihoodKind]: ImageLikelihood } = {
  /** A variance for every pixel of every image (heteroscedastic), between a floor and that of all pixels. */
  gaussian: {
    parameters: 2,
    negativeLogLikelihood: (x, [mean, a], context) =>
      gaussianSurprise(standardisePixels(x, context), mean!, a!, context.deviationFloor),
    mean: ([mean], context) => toPixels(mean!, context),
    variance: ([, a], { deviation, deviationFloor }) =>
      multiply(reciprocal(boundedPrecision(a!, deviationFloor)), deviation ** 2),
  },
  /** Of a grey level x as a probability: −log p = softplus(a) − x a (Kingma & Welling 2014, C.1). */
  bernoulli: {
    parameters: 1,
    negativeLogLikelihood: (x, [a]) => {
      const logit = clip(a!, -farthestLogit, farthestLogit);
      return subtract(softplus(logit), multiply(x, logit));
    },
    mean: ([a]) => sigmoid(clip(a!, -farthestLogit, farthestLogit)),
  },
  'discretised-logistic': discretisedLogistic,
  /** What a plain autoencoder has in the place of a likelihood, in standard deviations. */
  'squared-error': {
    parameters: 1,
    negativeLogLikelihood: (x, [mean], context) => {
      const error = subtract(standardisePixels(x, context), mean!);
      return multiply(error, error);
    },
    mean: ([mean], context) => toPixels(mean!, context),
  },
};
