import type { ImageBatch, ImageSettings, ImageSource } from '@unlikely/data';
import type { Images, ImageTrainOptions } from '@unlikely/detect';
import { RandomStream } from '@unlikely/graph';

export interface Shape {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

export const settingsOf = ({ channels, height, width }: Shape): ImageSettings => ({
  width,
  height,
  channels,
  fit: 'stretch',
  background: 1,
  bits: 8,
  maximum: 255,
  reasons: { size: 'of a test', channels: 'of a test', range: 'of a test' },
});

export const small: Shape = { channels: 1, height: 28, width: 28 };

/** A network that learns waves of this size in seconds. */
export const quickTraining: ImageTrainOptions = {
  channels: 4,
  hiddenSize: 32,
  latentSize: 4,
  steps: 120,
  batchSize: 32,
  codes: 60,
};

/** The images from `start` to before `end`, of the small shape. */
export function partOf({ data }: Images, start: number, end: number): Images {
  const size = small.channels * small.height * small.width;
  return { data: data.slice(start * size, end * size), rows: end - start };
}

/** Waves of random direction and phase with a little noise, [rows, C, H, W] in [0, 1]. */
export function waves(rows: number, seed: number, shape: Shape = small): Float32Array {
  const { channels, height, width } = shape;
  const stream = new RandomStream(seed, 'waves');
  const data = new Float32Array(rows * channels * height * width);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const [down, across] = [stream.uniform(), stream.uniform()];
    const phase = 6 * stream.uniform();
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const wave = 0.5 + 0.35 * Math.sin(0.5 * (down * y + across * x) + phase + channel);
          data[at++] = Math.min(1, Math.max(0, wave + 0.03 * stream.normal()));
        }
      }
    }
  }
  return data;
}

/** Squares on black: nothing like waves. */
export function squares(rows: number, seed: number, shape: Shape = small): Float32Array {
  const { channels, height, width } = shape;
  const stream = new RandomStream(seed, 'squares');
  const data = new Float32Array(rows * channels * height * width);
  for (let row = 0; row < rows; row++) {
    const [top, left] = [stream.integer(height - 9), stream.integer(width - 9)];
    for (let channel = 0; channel < channels; channel++) {
      for (let y = top; y < top + 8; y++) {
        for (let x = left; x < left + 8; x++) {
          data[((row * channels + channel) * height + y) * width + x] = 1;
        }
      }
    }
  }
  return data;
}

/** Images in memory with labels as a source; what training and scoring ask of one. */
export function memorySource(
  data: Float32Array,
  labels: readonly string[],
  shape: Shape = small,
): ImageSource {
  const settings = settingsOf(shape);
  const size = shape.channels * shape.height * shape.width;
  const conversions = {
    resized: 0,
    toGrey: 0,
    toColour: 0,
    flattened: 0,
    turned: 0,
    rescaled: 0,
  };
  const view = (rows: readonly number[]): ImageSource => {
    const batchOf = (places: readonly number[]): ImageBatch => {
      const pixels = new Float32Array(places.length * size);
      places.forEach((place, at) => {
        const row = rows[place]!;
        pixels.set(data.subarray(row * size, (row + 1) * size), at * size);
      });
      return {
        rows: places.length,
        rowNumbers: Float64Array.from(places),
        data: pixels,
        names: places.map((place) => `${place}.png`),
        labels: places.map((place) => labels[rows[place]!]!),
        failures: [],
        conversions,
      };
    };
    const all = [...rows.keys()];
    return {
      count: rows.length,
      labels: [...new Set(rows.map((row) => labels[row]!))].sort().map((value) => ({
        value,
        count: rows.filter((row) => labels[row] === value).length,
      })),
      where: ({ in: wanted = [] }) => view(rows.filter((row) => wanted.includes(labels[row]!))),
      split: (share) => {
        const every = Math.round(1 / share);
        const test = (place: number): boolean => place % every === 0;
        return {
          training: view(rows.filter((_, place) => !test(place))),
          test: view(rows.filter((_, place) => test(place))),
        };
      },
      inferSettings: () => Promise.resolve(settings),
      async *batches(_, { batchRows = 256 } = {}) {
        for (let start = 0; start < all.length; start += batchRows) {
          yield await Promise.resolve(batchOf(all.slice(start, start + batchRows)));
        }
      },
      sample: (_, count, seed) =>
        Promise.resolve(
          batchOf([
            ...new RandomStream(seed, 'sample').permutation(rows.length).slice(0, count).sort(),
          ]),
        ),
      rows: (_, places) => Promise.resolve(batchOf(places)),
      pixels: () =>
        Promise.resolve({
          settings,
          rows: rows.length,
          rowNumbers: Float64Array.from(all),
          failures: [],
          conversions,
          read: (wanted: Int32Array, into: Float32Array) => into.set(batchOf([...wanted]).data),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  };
  return view(labels.map((_, row) => row));
}
