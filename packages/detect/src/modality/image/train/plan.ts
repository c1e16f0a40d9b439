import { fillIntegers, fillNormal, RandomStream } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import { detectError } from '../../../detect-error.ts';
import type { Feeds, TrainingPlan } from '../../../train/training-plan.ts';
import { trainingRegion } from '../network/hidden-regions.ts';
import type { ImageCore } from '../core.ts';
import { imageObjective } from '../objective.ts';
import { pixelsOf } from '../images.ts';
import { initialiseImages } from '../network/initialise.ts';

/** Random access to the pixels of images, as a pixel store of `@unlikely/data` gives it. */
export interface PixelReader {
  readonly rows: number;
  /** Fills `into` [rows, C, H, W] with [0, 1]. */
  read(rows: Int32Array, into: Float32Array): void;
}

/** The training of images, of those with the numbers `rows`: drawn with replacement, a part of most hidden. */
export function imagePlan(core: ImageCore, pixels: PixelReader, rows: Int32Array): TrainingPlan {
  const { configuration, shape } = core;
  const batchRows = Math.min(configuration.batchSize, rows.length);
  return {
    objective: imageObjective(core, batchRows),
    schedule: configuration,
    members: 1,
    rows: rows.length,
    batchRows,
    stepBytes: 4 * batchRows * (pixelsOf(shape) + shape.latentSize + 4),
    initialise: () => initialiseImages(shape, configuration.seed),
    feeds: (first, count) => {
      const drawn = new Int32Array(count * batchRows);
      const stream = new RandomStream(configuration.seed, 'train', 'rows');
      fillIntegers(drawn, rows.length, stream, first * batchRows);
      const data = new Float32Array(drawn.length * pixelsOf(shape));
      pixels.read(
        drawn.map((place) => rows[place]!),
        data,
      );
      const { channels, height, width } = shape;
      return {
        pixels: { type: 'float32', dimensions: [count, batchRows, channels, height, width], data },
        regions: regionsOf(core, first, count, batchRows),
        ...noiseOf(core, first, count, batchRows),
      };
    },
    notFinite: (step) =>
      detectError('detect/not-finite', `expected a finite loss, got none at step ${step}`, {
        help: 'Lower the learning rate.',
        details: { step },
      }),
  };
}

/** What is hidden of each image, [count, batchRows, 4]. */
function regionsOf(
  { shape, configuration }: ImageCore,
  first: number,
  count: number,
  batchRows: number,
): RuntimeTensor {
  const { seed, hiddenShare } = configuration;
  const data = new Float32Array(count * batchRows * 4);
  for (let step = 0; step < count; step++) {
    const stream = new RandomStream(seed, 'train', 'regions', first + step);
    for (let row = 0; row < batchRows; row++) {
      data.set(trainingRegion(shape, hiddenShare, stream), 4 * (step * batchRows + row));
    }
  }
  return { type: 'float32', dimensions: [count, batchRows, 4], data };
}

function noiseOf(
  { shape: { variational, latentSize }, configuration }: ImageCore,
  first: number,
  count: number,
  batchRows: number,
): Feeds {
  if (!variational) return {};
  const data = new Float32Array(count * batchRows * latentSize);
  const stream = new RandomStream(configuration.seed, 'train', 'noise');
  fillNormal(data, stream, first * batchRows * latentSize);
  return { noise: { type: 'float32', dimensions: [count, batchRows, latentSize], data } };
}
