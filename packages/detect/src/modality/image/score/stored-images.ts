import { pixelsOf } from '../images.ts';
import type { Images, ImageShape } from '../images.ts';

/**
 * Training images that others are compared with: means over blocks of `block` × `block` pixels, one
 * byte each, [count, C, H / block, W / block].
 */
export interface StoredImages {
  readonly count: number;
  readonly block: number;
  readonly data: Uint8Array;
}

/** The constant of a scoring program that holds them. */
export const storedImagesName = 'stored_images';

/** The side that the stored images come near to: detail beyond it is what the detail maps are for. */
const usualSide = 28;
/** What a model file holds of images at most. */
const mostBytes = 2e6;

/** The block that divides both sides and leaves about 28 × 28 places: 1 up to 32 × 32, 2 for 64 × 64. */
export function storedBlock({ height, width }: ImageShape): number {
  const away = (block: number): number =>
    Math.abs(Math.log(Math.sqrt(height * width) / block / usualSide));
  let best = 1;
  for (let block = 2; block <= Math.min(height, width); block++) {
    if (height % block === 0 && width % block === 0 && away(block) < away(best)) best = block;
  }
  return best;
}

/** How many images of this shape a model stores at most. */
export function storedCount(shape: ImageShape, wanted: number): number {
  const size = pixelsOf(shape) / storedBlock(shape) ** 2;
  return Math.max(1, Math.min(wanted, Math.floor(mostBytes / size)));
}

/** Images that are read at a time: all pixels at once could be gigabytes. */
const batchRows = 64;

export function storeImages(
  rows: Int32Array,
  shape: ImageShape,
  read: (rows: Int32Array) => Images,
): StoredImages {
  const block = storedBlock(shape);
  const size = pixelsOf(shape) / block ** 2;
  const data = new Uint8Array(rows.length * size);
  for (let start = 0; start < rows.length; start += batchRows) {
    const images = read(rows.subarray(start, start + batchRows));
    data.set(blockBytes(images, shape, block), start * size);
  }
  return { count: rows.length, block, data };
}

function blockBytes({ data, rows }: Images, shape: ImageShape, block: number): Uint8Array {
  const across = shape.width / block;
  const bytes = new Uint8Array((rows * pixelsOf(shape)) / block ** 2);
  const scale = 255 / block ** 2;
  return bytes.map((_, place) => {
    // The rows of all channels and images lie one below the other.
    const [top, left] = [Math.floor(place / across) * block, (place % across) * block];
    let sum = 0;
    for (let row = top; row < top + block; row++) {
      for (let column = left; column < left + block; column++) {
        sum += data[row * shape.width + column]!;
      }
    }
    return Math.round(scale * sum);
  });
}
