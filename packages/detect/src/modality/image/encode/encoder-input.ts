import {
  and,
  cast,
  concat,
  constant,
  less,
  multiply,
  not,
  reduceSum,
  reshape,
  subtract,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { cellSide, detailMapsOf } from '../network/detail-maps.ts';
import type { EncoderInput } from '../network/network.ts';
import { standardisePixels } from '../likelihood/likelihood.ts';
import type { ImageCore } from '../core.ts';

/** Standardised detail maps of pixels, [rows, H/4, W/4, 2]. */
export function standardMaps(pixels: Tensor, { shape, scales }: ImageCore): Tensor {
  const maps = detailMapsOf(pixels, shape);
  return multiply(
    subtract(maps, constant(scales.mapMeans)),
    constant(scales.mapDeviations.map((deviation) => 1 / deviation)),
  );
}

/**
 * Where pixels are hidden: 1 inside of each image's region, [rows, 1, H, W], and of its cells,
 * [rows, H/4, W/4, 1]. `regions` [rows, 4] are the first and the last row, the first and the last
 * column of cells, the last ones not included.
 */
export function hiddenPlaces(
  regions: Tensor,
  { shape }: ImageCore,
): { pixels: Tensor; cells: Tensor } {
  const rows = regions.shape[0]!;
  const [down, across] = [shape.height / cellSide, shape.width / cellSide];
  const edge = (index: number): Tensor => {
    const column = [0, 0, 0, 0].map((_, place) => Number(place === index));
    const picked = multiply(regions, constant(column));
    // A sum over one number that is not 0 is exact.
    return reduceSum(picked, { axes: [1], keepDimensions: true });
  };
  const within = (count: number, side: number, from: Tensor, to: Tensor): Tensor => {
    const places = constant(
      Array.from({ length: count * side }, (_, place) => Math.floor(place / side)),
      { shape: [1, count * side] },
    );
    return cast(and(not(less(places, from)), less(places, to)), 'float32');
  };
  const [top, bottom, left, right] = [edge(0), edge(1), edge(2), edge(3)] as const;
  const grid = (side: number): Tensor =>
    multiply(
      reshape(within(down, side, top, bottom), [rows, 1, down * side, 1]),
      reshape(within(across, side, left, right), [rows, 1, 1, across * side]),
    );
  return {
    pixels: grid(cellSide),
    cells: reshape(grid(1), [rows, down, across, 1]),
  };
}

/** Pixels and maps as the encoder sees them, with what is hidden set to 0, the mean. */
export function encoderInput(
  core: ImageCore,
  pixels: Tensor,
  maps: Tensor,
  hidden: { readonly pixels: Tensor; readonly cells: Tensor },
): EncoderInput {
  const visible = multiply(standardisePixels(pixels, core.context), subtract(1, hidden.pixels));
  return {
    pixels: concat([visible, hidden.pixels], 1),
    maps: multiply(maps, subtract(1, hidden.cells)),
  };
}
