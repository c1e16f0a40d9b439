import { fillNormal, gradientProgram, input, RandomStream, writeModel } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { combine, fitTerm, standardised } from '../../src/modality/image/score/combination.ts';
import { detailMapsOf } from '../../src/modality/image/network/detail-maps.ts';
import {
  encoderInput,
  hiddenPlaces,
  standardMaps,
} from '../../src/modality/image/encode/encoder-input.ts';
import { scoringRegions, trainingRegion } from '../../src/modality/image/network/hidden-regions.ts';
import { defaultImageConfiguration } from '../../src/modality/image/parameters.ts';
import { imageCore } from '../../src/modality/image/core.ts';
import type { ImageCore } from '../../src/modality/image/core.ts';
import { imageLayers, imageLayout, levelsOf } from '../../src/modality/image/network/network.ts';
import { imageObjective } from '../../src/modality/image/objective.ts';
import { initialiseImages } from '../../src/modality/image/network/initialise.ts';
import {
  injectAnomalies,
  injectionKinds,
} from '../../src/modality/image/power/inject-anomalies.ts';
import { statisticKinds } from '../../src/modality/image/score/statistic.ts';
import type { StatisticKind } from '../../src/modality/image/score/statistic.ts';
import { structuralDifference } from '../../src/modality/image/score/structural-similarity.ts';
import { settingsOf, squares, waves } from '../support/memory-images.ts';
import type { Shape } from '../support/memory-images.ts';
import { evaluate, float32 } from '../support/run-graph.ts';
import { testRuntime } from '../support/platform.ts';

const scales = {
  pixelMean: 0.5,
  pixelDeviation: 0.25,
  mapMeans: [-6, -5],
  mapDeviations: [2, 1.5],
};
const configuration = {
  ...defaultImageConfiguration,
  channels: 4,
  hiddenSize: 8,
  latentSize: 3,
  batchSize: 2,
};
const coreOf = (shape: Shape, more = {}): ImageCore =>
  imageCore(settingsOf(shape), scales, { ...configuration, ...more });
const colour: Shape = { channels: 3, height: 32, width: 48 };
const grey: Shape = { channels: 1, height: 28, width: 28 };

describe('sizes of the network', () => {
  it.each([
    [28, 28, [14, 7]],
    [32, 32, [16, 8, 4]],
    [48, 48, [24, 12, 6]],
    [64, 64, [32, 16, 8, 4]],
    [96, 96, [48, 24, 12, 6]],
    [128, 128, [64, 32, 16, 8, 4]],
    [256, 256, [128, 64, 32, 16, 8, 4]],
  ])('%i × %i is halved to %j', (height, width, expected) => {
    const levels = levelsOf({ channels: 1, height, width }, 16);
    expect(levels.map((level) => level.height)).toEqual(expected);
    expect(levels[0]!.channels).toBe(16);
    expect(Math.max(...levels.map(({ channels }) => channels))).toBeLessThanOrEqual(64);
  });

  it.each([28, 32, 48, 64, 96, 128, 192, 256])('every side has a network, %i too', (side) => {
    for (const other of [28, 64, 256]) {
      const levels = levelsOf({ channels: 3, height: side, width: other }, 16);
      for (const { height, width } of levels) {
        expect(Number.isInteger(height) && Number.isInteger(width)).toBe(true);
      }
      expect(levels.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('lays out every weight and bias once', () => {
    const { shape } = coreOf(colour);
    const names = imageLayout(shape).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(2 * imageLayers(shape).length);
  });
});

describe('the objective of images', () => {
  it.each([
    ['gaussian', 'variational', grey],
    ['bernoulli', 'variational', grey],
    ['discretised-logistic', 'variational', colour],
    ['gaussian', 'autoencoder', colour],
  ] as const)('%s %s has the gradient of central differences', async (likelihood, model, shape) => {
    const core = coreOf(shape, { likelihood, model });
    const rows = 2;
    const program = gradientProgram(imageObjective(core, rows));
    await using runtime = await testRuntime();
    await using session = await runtime.createSession(writeModel(program.graph), { threads: 1 });
    const noise = new Float32Array(rows * 3);
    fillNormal(noise, new RandomStream(1, 'noise'), 0);
    const run = async (theta: Float32Array) => {
      const outputs = await session.run({
        theta: float32(theta),
        pixels: float32(waves(rows, 3, shape), rows, shape.channels, shape.height, shape.width),
        regions: float32([0, 2, 1, 3, 0, 0, 0, 0], rows, 4),
        ...(model === 'variational'
          ? { noise: float32(noise, rows, 3), schedule: float32([0.7]) }
          : {}),
      });
      return {
        loss: (outputs['metrics']!.data as Float32Array)[0]!,
        gradient: outputs['gradient']!.data as Float32Array,
      };
    };
    const theta = initialiseImages(core.shape, 5);
    const { gradient } = await run(theta);
    // Along the gradient itself the loss must rise by its squared length: rounding is small beside it.
    const length = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0));
    const step = 1e-3;
    const moved = (by: number): Float32Array =>
      theta.map((value, place) => value + (by * gradient[place]!) / length);
    const [above, below] = [(await run(moved(step))).loss, (await run(moved(-step))).loss];
    const slope = (above - below) / (2 * step);
    expect(Math.abs(slope - length) / length).toBeLessThan(0.02);
    let start = 0;
    for (const { name, shape: size } of core.layout) {
      const end = start + size.reduce((product, side) => product * side, 1);
      expect(
        gradient.subarray(start, end).some((value) => value !== 0),
        name,
      ).toBe(true);
      start = end;
    }
  });
});

describe('what is hidden', () => {
  it('covers the image when scoring', () => {
    for (const shape of [grey, colour, { channels: 1, height: 256, width: 64 } as const]) {
      const [down, across] = [shape.height / 4, shape.width / 4];
      const covered = new Uint8Array(down * across);
      for (const [top, bottom, left, right] of scoringRegions(shape)) {
        for (let y = top; y < bottom; y++) covered.fill(1, y * across + left, y * across + right);
      }
      expect(covered.every(Boolean)).toBe(true);
    }
  });

  it('lies within the image in training, for the share of images that was asked for', () => {
    const stream = new RandomStream(1, 'regions');
    let hidden = 0;
    for (let draw = 0; draw < 1000; draw++) {
      const [top, bottom, left, right] = trainingRegion(colour, 0.7, stream);
      expect(top >= 0 && left >= 0 && bottom <= 8 && right <= 12).toBe(true);
      if (bottom > top && right > left) hidden++;
    }
    expect(hidden).toBeGreaterThan(640);
    expect(hidden).toBeLessThan(760);
  });

  it('does not reach the encoder in any way', async () => {
    const core = coreOf(grey);
    const pixels = input('pixels', [2, 1, 28, 28]);
    const regions = input('regions', [2, 4]);
    const seen = encoderInput(
      core,
      pixels,
      standardMaps(pixels, core),
      hiddenPlaces(regions, core),
    );
    const data = waves(1, 1);
    const other = data.slice();
    for (let y = 8; y < 16; y++) for (let x = 4; x < 24; x++) other[y * 28 + x] = 0.123;
    const both = new Float32Array([...data, ...other]);
    const found = await evaluate(
      [pixels, regions],
      { seen_pixels: seen.pixels, seen_maps: seen.maps },
      { pixels: float32(both, 2, 1, 28, 28), regions: float32([2, 4, 1, 6, 2, 4, 1, 6], 2, 4) },
    );
    for (const values of [found['seen_pixels']!, found['seen_maps']!]) {
      const [first, second] = [values.slice(0, values.length / 2), values.slice(values.length / 2)];
      second.forEach((value, at) => expect(value).toBeCloseTo(first[at]!, 5));
    }
    const hidden = found['seen_pixels']!.slice(784, 1568);
    expect(hidden.reduce((sum, value) => sum + value, 0)).toBe(8 * 20);
    expect(hidden[8 * 28 + 4]).toBe(1);
    expect(hidden[7 * 28 + 4]).toBe(0);
  });
});

describe('statistics', () => {
  it('detail maps are the energies of two scales', async () => {
    const data = waves(1, 9, colour);
    const pixels = input('pixels', [1, 3, 32, 48]);
    const { maps } = await evaluate(
      [pixels],
      { maps: detailMapsOf(pixels, colour) },
      { pixels: float32(data, 1, 3, 32, 48) },
    );
    const grey = (y: number, x: number): number =>
      [0, 1, 2].reduce((sum, c) => sum + data[(c * 32 + y) * 48 + x]! / 3, 0);
    const mean = (top: number, left: number, side: number): number => {
      let sum = 0;
      for (let y = top; y < top + side; y++)
        for (let x = left; x < left + side; x++) sum += grey(y, x) / side ** 2;
      return sum;
    };
    const [row, column] = [3, 7];
    let [fine, coarse] = [0, 0];
    for (let y = 4 * row; y < 4 * row + 4; y++) {
      for (let x = 4 * column; x < 4 * column + 4; x++) {
        const block = mean(2 * Math.floor(y / 2), 2 * Math.floor(x / 2), 2);
        fine += (grey(y, x) - block) ** 2 / 16;
        coarse += (block - mean(4 * row, 4 * column, 4)) ** 2 / 16;
      }
    }
    const at = (row * 12 + column) * 2;
    expect(maps![at]).toBeCloseTo(Math.log(fine + 255 ** -2), 3);
    expect(maps![at + 1]).toBeCloseTo(Math.log(coarse + 255 ** -2), 3);
  });

  it('structural similarity is that of Wang et al. with uniform windows', async () => {
    const [x, y] = [waves(1, 1), waves(1, 2)];
    const [a, b] = [input('a', [1, 1, 28, 28]), input('b', [1, 1, 28, 28])];
    const found = await evaluate(
      [a, b],
      { other: structuralDifference(a, b), same: structuralDifference(a, a) },
      { a: float32(x, 1, 1, 28, 28), b: float32(y, 1, 1, 28, 28) },
    );
    for (const value of found['same']!) expect(Math.abs(value)).toBeLessThan(1e-4);
    const [row, column] = [12, 15];
    const window = (of: (at: number) => number): number => {
      let sum = 0;
      for (let dy = -3; dy <= 3; dy++)
        for (let dx = -3; dx <= 3; dx++) sum += of((row + dy) * 28 + column + dx) / 49;
      return sum;
    };
    const [mx, my] = [window((at) => x[at]!), window((at) => y[at]!)];
    const vx = window((at) => x[at]! ** 2) - mx ** 2;
    const vy = window((at) => y[at]! ** 2) - my ** 2;
    const covariance = window((at) => x[at]! * y[at]!) - mx * my;
    const similarity =
      ((2 * mx * my + 1e-4) * (2 * covariance + 9e-4)) /
      ((mx ** 2 + my ** 2 + 1e-4) * (vx + vy + 9e-4));
    expect(found['other']![row * 28 + column]).toBeCloseTo(1 - similarity, 3);
  });

  it('a corrected term is uncorrelated with complexity and has the scale 1', () => {
    const stream = new RandomStream(2, 'terms');
    const rows = 500;
    const complexity = Float64Array.from({ length: rows }, () => stream.normal());
    const values = complexity.map((c) => 3 + 2 * c + 0.5 * stream.normal());
    const statistics = Object.fromEntries(statisticKinds.map((kind) => [kind, values])) as Record<
      StatisticKind,
      Float64Array
    >;
    const measured = { rows, statistics, complexity };
    const term = fitTerm('surprise', measured, { logarithm: false, corrected: true });
    expect(term.slope).toBeCloseTo(2, 1);
    const scores = combine({ terms: [term] }, measured);
    const mean = (of: (row: number) => number): number =>
      scores.reduce((sum, _, row) => sum + of(row) / rows, 0);
    expect(mean((row) => scores[row]!)).toBeCloseTo(0, 9);
    expect(mean((row) => scores[row]! ** 2)).toBeCloseTo(1, 9);
    // But for the little by which the slope is shrunk.
    expect(mean((row) => scores[row]! * complexity[row]!)).toBeCloseTo(0, 2);
    const folded = { logarithm: false, corrected: false, foldedBeyond: 2 };
    const beyond = { terms: [fitTerm('complexity', measured, folded)] };
    const far = combine(beyond, measured).filter((value) => value > 0).length;
    expect(far).toBeGreaterThan(5);
    expect(far).toBeLessThan(50);
    const twice = { terms: [term, { ...term, weight: 3 }] };
    const spread = combine(standardised(twice, measured), measured);
    expect(spread.reduce((sum, value) => sum + value ** 2 / rows, 0)).toBeCloseTo(1, 9);
  });
});

describe('injected anomalies', () => {
  const shape = grey;
  const images = { data: waves(6, 4), rows: 6 };

  it.each(injectionKinds)(
    '%s changes every image, within [0, 1], the same for the same seed',
    (kind) => {
      const before = images.data.slice();
      const { data, rows } = injectAnomalies(images, shape, kind, 3);
      expect(images.data).toEqual(before);
      expect(rows).toBe(6);
      expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
      for (let row = 0; row < rows; row++) {
        const own = data.subarray(row * 784, (row + 1) * 784);
        const changed = own.filter((value, at) => Math.abs(value - before[row * 784 + at]!) > 1e-3);
        expect(changed.length).toBeGreaterThan(20);
      }
      expect(injectAnomalies(images, shape, kind, 3).data).toEqual(data);
      // A blur has nothing random in it.
      if (kind === 'blur') return;
      expect(injectAnomalies(images, shape, kind, 4).data).not.toEqual(data);
    },
  );

  it('takes colours', () => {
    const several = { data: squares(3, 1, colour), rows: 3 };
    for (const kind of injectionKinds) {
      expect(injectAnomalies(several, colour, kind, 1).data).toHaveLength(3 * 3 * 32 * 48);
    }
  });
});
