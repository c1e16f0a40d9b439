import { readFile } from 'node:fs/promises';
import { ImageDetector } from '@unlikely/detect';
import type { Images } from '@unlikely/detect';
import { defaultImageConfiguration } from '../../src/modality/image/parameters.ts';
import { imageCore } from '../../src/modality/image/core.ts';
import { imageObjective } from '../../src/modality/image/objective.ts';
import { initialiseImages } from '../../src/modality/image/network/initialise.ts';
import { memorySource, settingsOf, small, waves } from '../support/memory-images.ts';
import { platform } from '../support/platform.ts';
import { float32 } from '../support/run-graph.ts';
import type { Modality, ScoredItem } from './describe-modality.ts';

const size = small.height * small.width;

const quick = {
  channels: 2,
  hiddenSize: 8,
  latentSize: 2,
  batchSize: 16,
  codes: 40,
  storedImages: 40,
  calibrationShare: 0.2,
} as const;

const sourceOf = ({ data, rows }: Images) =>
  memorySource(
    data,
    Array.from({ length: rows }, () => 'good'),
  );

const pixel = ({ data, rows }: Images, value: number): Images => ({
  data: data.map((other, at) => (at === 300 ? value : other)),
  rows,
});

const scales = {
  pixelMean: 0.5,
  pixelDeviation: 0.25,
  mapMeans: [-6, -5],
  mapDeviations: [2, 1.5],
};

/** Small grey images. */
export const imageModality: Modality<ImageDetector, Images> = {
  kind: 'image',
  items: (rows, seed) => ({ data: waves(rows, seed), rows }),
  pick: ({ data }, rows) => ({
    data: Float32Array.from(
      rows.flatMap((row) => [...data.subarray(row * size, (row + 1) * size)]),
    ),
    rows: rows.length,
  }),
  train: (images, steps, run) =>
    ImageDetector.train(sourceOf(images), { ...quick, steps, ...run }, platform),
  open: (bytes, on) => ImageDetector.fromBytes(bytes, on),
  async *score(detector, images, reading) {
    for await (const batch of detector.score(sourceOf(images), { ...reading, details: true })) {
      const { contributions, other } = batch.details!;
      yield Array.from(batch.score, (score, row): ScoredItem => ({
        score,
        standardError: batch.standardError[row]!,
        pValue: batch.pValue[row]!,
        contributions: [...contributions.subarray(row * size, (row + 1) * size)],
        rest: other[row]!,
      }));
    }
  },
  calls: {
    scoreImages: (detector, images) => detector.scoreImages(images),
    explain: (detector, images) => detector.explain(images),
    reconstruct: (detector, images) => detector.reconstruct(images),
    denoise: (detector, images) => detector.denoise(images),
    encode: ({ latent }, images) => latent.encode(images),
    decode: ({ latent }) => latent.decode({ data: new Float32Array(2), rows: 1, columns: 2 }),
    generate: ({ latent }) => latent.generate(3),
    traverse: ({ latent }) => latent.traverse(),
    interpolate: ({ latent }, images) => {
      const end = imageModality.pick(images, [0]);
      return latent.interpolate(end, end);
    },
    transfer: ({ latent }, images) => latent.transfer(images, [1, 0]),
  },
  notFinite: {
    'a pixel that is NaN': { spoil: (images) => pixel(images, NaN), code: 'detect/input' },
    'an infinite pixel': { spoil: (images) => pixel(images, Infinity), code: 'detect/input' },
    'a pixel out of range': { spoil: (images) => pixel(images, 255), code: 'detect/input' },
  },
  foreign: () =>
    readFile(new URL('../../../../test/fixtures/models/table-1.onnx', import.meta.url)),
  objectives: Object.fromEntries(
    (['variational', 'autoencoder'] as const).map((model) => [
      model,
      () => {
        const chosen = { channels: 2, hiddenSize: 8, latentSize: 2, batchSize: 2 };
        const configuration = { ...defaultImageConfiguration, ...chosen, model };
        const core = imageCore(settingsOf(small), scales, configuration);
        return {
          objective: imageObjective(core, 2),
          theta: initialiseImages(core.shape, 5),
          batch: {
            pixels: float32(waves(2, 3), 2, 1, small.height, small.width),
            regions: float32([0, 2, 1, 3, 0, 0, 0, 0], 2, 4),
          },
        };
      },
    ]),
  ),
  without: { unfitted: 'a detector is made by its training; VAE and Autoencoder sit this case' },
};
