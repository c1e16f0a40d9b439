import type { RandomStream } from '@unlikely/graph';
import { cellSide } from './detail-maps.ts';
import type { ImageShape } from '../images.ts';

/** First and last row, first and last column of cells, the last ones not included. */
export type Region = readonly [number, number, number, number];

export const nothingHidden: Region = [0, 0, 0, 0];

export function cellsOf({ height, width }: ImageShape): { down: number; across: number } {
  return { down: height / cellSide, across: width / cellSide };
}

/** Nine blocks of a good third of each side that cover the image: what scoring hides in turn. */
export function scoringRegions(shape: ImageShape): Region[] {
  const { down, across } = cellsOf(shape);
  const starts = (cells: number): number[] =>
    [0, 0.5, 1].map((share) => Math.round(share * (cells - third(cells))));
  return starts(down).flatMap((top) =>
    starts(across).map((left): Region => [top, top + third(down), left, left + third(across)]),
  );
}

const third = (cells: number): number => Math.floor(cells / 3) + 1;

/**
 * What is hidden from the encoder in training, of a share of the images: half of them a side of the
 * image, of 35 to 65 %, half a block of 25 to 65 % of each side. Drawn from the stream of the place.
 */
export function trainingRegion(
  shape: ImageShape,
  hiddenShare: number,
  stream: RandomStream,
): Region {
  const { down, across } = cellsOf(shape);
  if (stream.uniform() >= hiddenShare) return nothingHidden;
  const side = stream.integer(8);
  const span = (cells: number, least: number, most: number): number =>
    Math.max(1, Math.round(cells * (least + (most - least) * stream.uniform())));
  if (side < 4) {
    const cut = span(side < 2 ? down : across, 0.35, 0.65);
    if (side === 0) return [0, cut, 0, across];
    if (side === 1) return [down - cut, down, 0, across];
    if (side === 2) return [0, down, 0, cut];
    return [0, down, across - cut, across];
  }
  const [height, width] = [span(down, 0.25, 0.65), span(across, 0.25, 0.65)];
  const [top, left] = [stream.integer(down - height + 1), stream.integer(across - width + 1)];
  return [top, top + height, left, left + width];
}
