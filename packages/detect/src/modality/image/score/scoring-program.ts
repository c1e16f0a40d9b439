import {
  abs,
  add,
  cast,
  clip,
  constant,
  divide,
  input,
  log,
  makeGraph,
  maximum,
  multiply,
  optimise,
  reshape,
  splitParameters,
  sqrt,
  subtract,
  reduceSum,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { leastStatistic } from './combination.ts';
import type { Combination, CombinationTerm } from './combination.ts';
import { decodeImages } from '../network/network.ts';
import { measure } from './measure.ts';
import type { ImageNetworks, Measured } from './measure.ts';
import type { Program } from '../../../score/program.ts';
import { statisticKinds } from './statistic.ts';
import type { StatisticKind } from './statistic.ts';

function pixelInput({ core }: ImageNetworks): Tensor {
  const { channels, height, width } = core.shape;
  return input('pixels', ['rows', channels, height, width]);
}

/** Every statistic by its name, [rows], and the codes. */
export type MeasuringOutputs = { readonly [K in StatisticKind | 'complexity']: Float64Array } & {
  readonly code: Float32Array;
  readonly log_variance: Float32Array;
};

/**
 * `pixels` float32 [rows, C, H, W] in [0, 1] → every statistic by its name and `complexity`, float64
 * [rows], `code` and `log_variance` float32 [rows, latentSize].
 */
export function measuringProgram(networks: ImageNetworks): Program<MeasuringOutputs> {
  const pixels = pixelInput(networks);
  const { statistics, complexity, code, logVariance } = measure(networks, pixels);
  return optimise(
    makeGraph('measuring', [pixels], {
      ...Object.fromEntries(statisticKinds.map((kind) => [kind, statistics[kind].value])),
      complexity,
      code,
      log_variance: logVariance,
    }),
  );
}

/** What comes out of a scoring program; `imageScoringProgram` says what each is. */
export interface ImageScoringOutputs {
  readonly score: Float64Array;
  readonly standard_error: Float64Array;
  readonly contribution: Float32Array;
  readonly other_share: Float32Array;
  readonly expected: Float32Array;
  readonly code: Float32Array;
}

/** The outputs of a scoring program, in this order. */
export const imageScoringOutputs: readonly (keyof ImageScoringOutputs)[] = [
  'score',
  'standard_error',
  'contribution',
  'other_share',
  'expected',
  'code',
];

/** How far below the usual a statistic is before its map is flat, in deviations: see `spatialShare`. */
const flatBelow = 4;

/**
 * The program of a model file: `pixels` float32 [rows, C, H, W] in [0, 1] →
 * - `score` float64 [rows], exactly the sum of the two next: float32 numbers added in double;
 * - `contribution` float32 [rows, H, W], the heat map, and `other_share` float32 [rows], of no place;
 * - `standard_error` float64 [rows] over the latent points, 0 where the score does not draw any;
 * - `expected` float32 [rows, C, H, W] and `code` float32 [rows, latentSize].
 */
export function imageScoringProgram(
  networks: ImageNetworks,
  { terms }: Combination,
): Program<ImageScoringOutputs> {
  const { height, width } = networks.core.shape;
  const pixels = pixelInput(networks);
  const measured = measure(networks, pixels);
  const shares = terms.map((term) => shareOf(term, measured, height * width));
  const flat = (x: Tensor): Tensor => reshape(x, ['rows', 1]);
  const nothing = multiply(cast(measured.complexity, 'float32'), 0);
  const maps = shares.flatMap(({ map }) => (map === undefined ? [] : [map]));
  const others = shares.flatMap(({ other }) => (other === undefined ? [] : [other]));
  const contribution =
    maps.length === 0
      ? multiply(measured.statistics.error.parts!, 0)
      : maps.reduce((left, right) => add(left, right));
  const otherShare = others.reduce((left, right) => add(left, cast(right, 'float32')), nothing);
  const score = add(
    reduceSum(cast(reshape(contribution, ['rows', height * width]), 'float64'), { axes: [1] }),
    cast(otherShare, 'float64'),
  );
  return optimise(
    makeGraph('image-scoring', [pixels], {
      score,
      standard_error: reshape(standardError(terms, measured, flat), ['rows']),
      contribution,
      other_share: otherShare,
      expected: clip(measured.expected, 0, 1),
      code: measured.code,
    }),
  );
}

/** float64 [rows] → float32 [rows, 1, 1], beside the places of an image. */
const overPlaces = (x: Tensor): Tensor => reshape(cast(x, 'float32'), ['rows', 1, 1]);

/** What a term adds to the score: a map [rows, H, W], or a number of no place, float64 [rows]. */
function shareOf(
  term: CombinationTerm,
  { statistics, complexity }: Measured,
  places: number,
): { map?: Tensor; other?: Tensor } {
  const { logarithm, offset, slope, scale, weight, foldedBeyond, lowest } = term;
  const { value, parts } =
    term.statistic === 'complexity'
      ? { value: complexity, parts: undefined }
      : statistics[term.statistic];
  const seen = logarithm ? log(maximum(value, leastStatistic)) : value;
  const usual =
    slope === 0
      ? constant([offset], { type: 'float64' })
      : add(multiply(complexity, slope), offset);
  const factor = weight / scale;
  const unlimited = multiply(subtract(seen, usual), factor);
  if (foldedBeyond !== undefined) {
    const beyond = subtract(abs(unlimited), foldedBeyond * weight);
    return { other: maximum(beyond, 0) };
  }
  const standard = lowest === undefined ? unlimited : maximum(unlimited, -lowest * weight);
  if (parts === undefined) return { other: standard };
  if (!logarithm) {
    // What is usual, and what the limit adds, is spread evenly.
    const even = multiply(subtract(standard, multiply(value, factor)), 1 / places);
    return { map: add(multiply(parts, factor), overPlaces(even)) };
  }
  return { map: spatialShare(parts, value, standard, weight, places) };
}

/**
 * A logarithm cannot be cut into places. The term, raised by what an image has whose statistic is
 * `flatBelow` deviations below the usual, goes to the places by their share of the statistic, and what
 * it was raised by is taken off evenly: so the sum is exact, and the map of a normal image is not
 * turned upside down.
 */
function spatialShare(
  parts: Tensor,
  value: Tensor,
  standard: Tensor,
  weight: number,
  places: number,
): Tensor {
  const raised = flatBelow * Math.abs(weight);
  const perUnit = divide(add(standard, raised), maximum(value, leastStatistic));
  return subtract(multiply(parts, overPlaces(perUnit)), raised / places);
}

/** s/√n over the latent points of what the surprise adds, float64 [rows, 1]. */
function standardError(
  terms: readonly CombinationTerm[],
  { draws, complexity }: Measured,
  flat: (x: Tensor) => Tensor,
): Tensor {
  const term = terms.find(({ statistic }) => statistic === 'surprise');
  const count = draws.length;
  if (term === undefined || count < 2) return flat(multiply(complexity, 0));
  const mean = multiply(
    draws.reduce((left, right) => add(left, right)),
    1 / count,
  );
  const squares = draws.map((draw) => {
    const difference = subtract(draw, mean);
    return multiply(difference, difference);
  });
  const variance = multiply(
    squares.reduce((left, right) => add(left, right)),
    1 / ((count - 1) * count),
  );
  return flat(multiply(sqrt(variance), Math.abs(term.weight / term.scale)));
}

/** `code` float32 [rows, latentSize] → `expected` float32 [rows, C, H, W] in [0, 1]. */
export function imageDecodingProgram({
  core,
  theta,
}: ImageNetworks): Program<{ readonly expected: Float32Array }> {
  const code = input('code', ['rows', core.shape.latentSize]);
  const parameters = splitParameters(constant(theta, { name: 'theta' }), core.layout);
  const decoded = decodeImages(core.shape, parameters, code);
  const expected = clip(core.likelihood.mean(decoded.pixels, core.context), 0, 1);
  return optimise(makeGraph('image-decoding', [code], { expected }));
}
