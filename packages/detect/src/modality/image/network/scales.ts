import { input, makeGraph, optimise, writeModel } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import { detailMaps, detailMapsOf } from './detail-maps.ts';
import { pixelsOf } from '../images.ts';
import type { Images, ImageShape } from '../images.ts';

/** What pixels and detail maps of normal images are standardised by: one mean and deviation each. */
export interface Scales {
  readonly pixelMean: number;
  readonly pixelDeviation: number;
  readonly mapMeans: readonly number[];
  readonly mapDeviations: readonly number[];
}

/** Images that are flat everywhere must not divide by zero. */
const smallestDeviation = 1e-3;

/** Means and deviations of a sample of images. */
export async function measureScales(
  images: Images,
  shape: ImageShape,
  runtime: Runtime,
): Promise<Scales> {
  const { channels, height, width } = shape;
  const pixels = input('pixels', [images.rows, channels, height, width]);
  const graph = optimise(makeGraph('maps', [pixels], { maps: detailMapsOf(pixels, shape) }));
  await using session = await runtime.createSession(writeModel(graph), { threads: 1 });
  const { maps } = await session.run({
    pixels: {
      type: 'float32',
      dimensions: [images.rows, channels, height, width],
      data: images.data.slice(0, images.rows * pixelsOf(shape)),
    },
  });
  const ofPixels = moments(images.data, 0, 1);
  const ofMaps = Array.from({ length: detailMaps }, (_, map) =>
    moments(maps!.data as Float32Array, map, detailMaps),
  );
  return {
    pixelMean: ofPixels.mean,
    pixelDeviation: ofPixels.deviation,
    mapMeans: ofMaps.map(({ mean }) => mean),
    mapDeviations: ofMaps.map(({ deviation }) => deviation),
  };
}

function moments(
  values: Float32Array,
  first: number,
  stride: number,
): { mean: number; deviation: number } {
  let [count, sum, square] = [0, 0, 0];
  for (let index = first; index < values.length; index += stride) {
    sum += values[index]!;
    square += values[index]! ** 2;
    count++;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, square / count - mean ** 2));
  // Rounded to float32, in which the graph computes, so that the model file says what is computed.
  return {
    mean: Math.fround(mean),
    deviation: Math.fround(Math.max(deviation, smallestDeviation)),
  };
}
