import { input, RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { pixelsOf } from '../../src/modality/image/images.ts';
import { nearestImageParts } from '../../src/modality/image/score/nearest-image.ts';
import {
  storedBlock,
  storedCount,
  storeImages,
} from '../../src/modality/image/score/stored-images.ts';
import type { StoredImages } from '../../src/modality/image/score/stored-images.ts';
import { waves } from '../support/memory-images.ts';
import type { Shape } from '../support/memory-images.ts';
import { evaluate, float32 } from '../support/run-graph.ts';

const colour: Shape = { channels: 3, height: 16, width: 12 };
const grey: Shape = { channels: 1, height: 28, width: 28 };

/** As a file keeps them. */
const rounded = (data: Float32Array): Float32Array =>
  data.map((value) => Math.fround(Math.round(255 * value) / 255));

function stored(data: Float32Array, shape: Shape): StoredImages {
  const size = pixelsOf(shape);
  const rows = Int32Array.from({ length: data.length / size }, (_, row) => row);
  return storeImages(rows, shape, (some) => {
    const picked = Array.from(some, (row) => [...data.subarray(row * size, (row + 1) * size)]);
    return { data: Float32Array.from(picked.flat()), rows: some.length };
  });
}

async function distances(
  data: Float32Array,
  others: StoredImages,
  { channels, height, width }: Shape,
): Promise<{ values: number[]; parts: Float32Array }> {
  const rows = data.length / (channels * height * width);
  const pixels = input('pixels', ['rows', channels, height, width]);
  const parts = nearestImageParts(pixels, others, 0.4);
  const found = await evaluate(
    [pixels],
    { parts },
    { pixels: float32(data, rows, channels, height, width) },
  );
  const all = Float32Array.from(found['parts']!);
  const each = all.length / rows;
  const values = Array.from({ length: rows }, (_, row) =>
    all.subarray(row * each, (row + 1) * each).reduce((sum, value) => sum + value, 0),
  );
  return { values, parts: all };
}

/** d(x, y), word for word. */
function difference(x: Float32Array, y: Float32Array, { channels, height, width }: Shape): number {
  const at = (image: Float32Array, c: number, row: number, column: number): number => {
    const [down, across] = [
      Math.max(0, Math.min(height - 1, row)),
      Math.max(0, Math.min(width - 1, column)),
    ];
    return image[(c * height + down) * width + across]!;
  };
  const reach = [-2, -1, 0, 1, 2];
  let sum = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let least = Infinity;
      for (const down of reach) {
        for (const across of reach) {
          let mean = 0;
          for (const dy of reach) {
            for (const dx of reach) {
              const [top, left] = [row + dy, column + dx];
              if (top < 0 || top >= height || left < 0 || left >= width) continue;
              for (let c = 0; c < channels; c++) {
                mean += (at(x, c, top, left) - at(y, c, top - down, left - across)) ** 2 / 25;
              }
            }
          }
          least = Math.min(least, mean);
        }
      }
      sum += least;
    }
  }
  return sum;
}

describe('the nearest stored image', () => {
  const size = pixelsOf(colour);
  const others = rounded(waves(4, 3, colour));
  const one = (data: Float32Array, row: number): Float32Array =>
    data.slice(row * size, (row + 1) * size);

  it('is the least difference with every neighbourhood moved as suits it best', async () => {
    const data = waves(3, 8, colour);
    const { values } = await distances(data, stored(others, colour), colour);
    values.forEach((value, row) => {
      const each = [0, 1, 2, 3].map((other) =>
        difference(one(data, row), one(others, other), colour),
      );
      expect(value).toBeCloseTo(Math.min(...each), 3);
    });
  });

  it('is another one where the image is stored itself', async () => {
    const eight = rounded(waves(8, 3, colour));
    const { values } = await distances(eight, stored(eight, colour), colour);
    values.forEach((value, row) => {
      const from = (other: number): number =>
        difference(one(eight, row), one(eight, other), colour);
      const others = [0, 1, 2, 3, 4, 5, 6, 7].filter((other) => other !== row).map(from);
      // Two make a group, and the other one of its group is a candidate for certain.
      expect(value).toBeLessThan(from(row ^ 1) + 1e-3);
      expect(value).toBeGreaterThan(Math.min(...others) - 1e-3);
    });
  });

  it('is found among many, moved by a place', async () => {
    const many = rounded(waves(200, 5));
    const area = 28 * 28;
    const chosen = [3, 77, 151];
    const stream = new RandomStream(1, 'noise');
    const shifted = Float32Array.from({ length: chosen.length * area }, (_, at) => {
      const [image, row, column] = [Math.floor(at / area), Math.floor((at % area) / 28), at % 28];
      const from = chosen[image]! * area + row * 28 + Math.max(0, column - 1);
      return Math.min(1, Math.max(0, many[from]! + 0.02 * stream.normal()));
    });
    const all = stored(many, grey);
    const { values } = await distances(shifted, all, grey);
    const { values: strangers } = await distances(waves(20, 9), all, grey);
    expect(Math.max(...values)).toBeLessThan(0.5 * Math.min(...strangers));
  });
});

describe('stored images', () => {
  it.each([
    [28, 28, 1],
    [32, 32, 1],
    [64, 64, 2],
    [96, 128, 4],
    [256, 256, 8],
    [212, 212, 4],
    [68, 52, 2],
  ])('of %i × %i are means over blocks of %i', (height, width, block) => {
    expect(storedBlock({ channels: 1, height, width })).toBe(block);
  });

  it('are a byte for each mean, and at most two megabytes', () => {
    const shape: Shape = { channels: 3, height: 64, width: 64 };
    const data = waves(70, 2, shape);
    const { block, count, data: bytes } = stored(data, shape);
    expect([block, count]).toEqual([2, 70]);
    const [image, c, row, column] = [66, 2, 5, 31];
    let sum = 0;
    for (let dy = 0; dy < 2; dy++) {
      for (let dx = 0; dx < 2; dx++) {
        sum += data[((image * 3 + c) * 64 + 2 * row + dy) * 64 + 2 * column + dx]!;
      }
    }
    expect(bytes[((image * 3 + c) * 32 + row) * 32 + column]).toBe(Math.round((255 * sum) / 4));
    expect(storedCount(grey, 2000)).toBe(2000);
    expect(storedCount({ channels: 3, height: 256, width: 256 }, 2000)).toBe(651);
  });
});
