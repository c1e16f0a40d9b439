import {
  argMax,
  cast,
  concat,
  constant,
  convolution,
  gatherRows,
  gemm,
  less,
  maximum,
  minimum,
  multiply,
  negate,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  subtract,
  where,
} from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { storedImagesName } from './stored-images.ts';
import type { StoredImages } from './stored-images.ts';
import { windowMeans } from './structural-similarity.ts';

/** Groups of stored images; each proposes the one that looks nearest. */
const groups = 4;
/** Places by which an image as a whole may be moved for the search. */
const searchReach = 1;
/** Places by which each neighbourhood may be moved for the comparison. */
const localReach = 2;
/** Side of the neighbourhoods that are compared. */
const neighbourhood = 5;
/** A squared distance between an image and itself, rounded to bytes. */
const roundedDistance = 1e-4;

/**
 * How an image differs from the most similar of the stored ones, where every neighbourhood may move a
 * little: with x and y means over blocks of two images,
 *
 *     d(x, y) = Σ_p min_{|δ| ≤ 2} mean_{|w| ≤ 2} (x(p + w) − y(p + w + δ))²
 *
 * the zero-order image deformation model of Keysers et al. (2007), and its least value over candidates:
 * of each of four groups of the stored images the nearest by the plain distance, at half the resolution
 * and whichever of the movements of the whole image by one place suits best. A stroke that is bent or moved a little stays
 * the same stroke; the plain distance calls it another. An image that is stored itself is compared with the others.
 *
 * @param pixels [rows, C, H, W] in [0, 1].
 * @param centre The mean of pixels: squares of numbers about 0 lose less to rounding.
 * @returns What each place adds to the least d, [rows, H / block, W / block].
 */
export function nearestImageParts(
  pixels: Tensor,
  { count, block, data }: StoredImages,
  centre: number,
): Tensor {
  const [rows, channels, height, width] = pixels.shape as [string, number, number, number];
  const [down, across] = [height / block, width / block];
  const size = channels * down * across;
  const bytes = constant(data, { type: 'uint8', shape: [count, size], name: storedImagesName });
  const stored = subtract(multiply(cast(bytes, 'float32'), 1 / 255), centre);
  const asImages = (flat: Tensor, many: number | string): Tensor =>
    reshape(flat, [many, channels, down, across]);
  const x = subtract(blockMeans(pixels, block), centre);
  const closeness = closenessOf(x, asImages(stored, count));

  let least: { readonly value: Tensor; readonly parts: Tensor } | undefined;
  const groupSize = Math.ceil(count / groups);
  for (let start = 0; start < count; start += groupSize) {
    const end = Math.min(count, start + groupSize);
    const nearest = argMax(slice(closeness, start, end, 1), 1, true);
    const y = asImages(gatherRows(slice(stored, start, end, 0), nearest), rows);
    const parts = localDifference(x, y);
    const value = reduceSum(parts, { axes: [1, 2], keepDimensions: true });
    least =
      least === undefined
        ? { value, parts }
        : {
            value: minimum(value, least.value),
            parts: where(less(value, least.value), parts, least.parts),
          };
  }
  return least!.parts;
}

/** [rows, C, H, W] → [rows, C, H / block, W / block]. */
function blockMeans(pixels: Tensor, block: number): Tensor {
  if (block === 1) return pixels;
  const [rows, channels, height, width] = pixels.shape as [string, number, number, number];
  const [down, across] = [height / block, width / block];
  return reduceMean(reshape(pixels, [rows, channels, down, block, across, block]), {
    axes: [3, 5],
  });
}

/** −½ ‖x − y‖² of smoothed images, the largest over movements of x, [rows, count]. */
function closenessOf(x: Tensor, stored: Tensor): Tensor {
  const y = smoothed(stored);
  const norms = reshape(halfNorms(y), [stored.shape[0]!]);
  const closest = movements(searchReach)
    .map(([down, across]) => {
      const features = smoothed(moved(x, down, across));
      const product = gemm(features, y, negate(norms), { transposeB: true });
      return subtract(product, halfNorms(features));
    })
    .reduce((left, right) => maximum(left, right));
  // Nothing can be learnt from being like itself.
  return where(less(closest, -0.5 * roundedDistance), closest, -1e9);
}

const halfNorms = (features: Tensor): Tensor =>
  multiply(reduceSum(multiply(features, features), { axes: [1], keepDimensions: true }), 0.5);

/** Smoothed by (1, 3, 3, 1) / 8 along both axes, every other place: [rows, C, H, W] → [rows, features]. */
function smoothed(x: Tensor): Tensor {
  const [rows, channels] = x.shape as [number, number];
  const binomial = [1, 3, 3, 1];
  const kernel = constant(
    binomial.flatMap((a) => binomial.map((b) => (a * b) / 64)),
    { shape: [1, 1, 4, 4] },
  );
  const options = { strides: [2, 2], pads: [1, 1, 1, 1] } as const;
  const parts = Array.from({ length: channels }, (_, channel) => {
    const plane = convolution(slice(x, channel, channel + 1, 1), kernel, undefined, options);
    const [, , down, across] = plane.shape as [number, number, number, number];
    return reshape(plane, [rows, down * across]);
  });
  return concat(parts, 1);
}

/** What d(x, y) adds up, [rows, H, W]. */
function localDifference(x: Tensor, y: Tensor): Tensor {
  const [rows, , down, across] = x.shape as [number, number, number, number];
  return movements(localReach)
    .map(([below, right]) => {
      const difference = subtract(x, moved(y, below, right));
      const squares = reduceSum(multiply(difference, difference), {
        axes: [1],
        keepDimensions: true,
      });
      return reshape(windowMeans(squares, neighbourhood), [rows, down, across]);
    })
    .reduce((left, right) => minimum(left, right));
}

function movements(reach: number): readonly (readonly [down: number, across: number])[] {
  const steps = Array.from({ length: 2 * reach + 1 }, (_, step) => step - reach);
  return steps.flatMap((down) => steps.map((across) => [down, across] as const));
}

/** Images moved by whole places; what comes in repeats the edge. */
function moved(x: Tensor, down: number, across: number): Tensor {
  return movedAlong(movedAlong(x, 2, down), 3, across);
}

function movedAlong(x: Tensor, axis: 2 | 3, by: number): Tensor {
  if (by === 0) return x;
  const size = x.shape[axis] as number;
  const edge = by > 0 ? slice(x, 0, 1, axis) : slice(x, size - 1, size, axis);
  const added = Array.from({ length: Math.abs(by) }, () => edge);
  return by > 0
    ? concat([...added, slice(x, 0, size - by, axis)], axis)
    : concat([slice(x, -by, size, axis), ...added], axis);
}
