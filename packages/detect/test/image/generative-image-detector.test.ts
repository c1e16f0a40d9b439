import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageDetector } from '@unlikely/detect';
import type { Images } from '@unlikely/detect';
import { expectError } from '../support/expect-error.ts';
import { memorySource, partOf, quickTraining, waves } from '../support/memory-images.ts';
import { platform } from '../support/platform.ts';

const size = 28 * 28;
const normals = 140;
const training = memorySource(
  waves(normals, 1),
  Array.from({ length: normals }, () => 'good'),
);
const fresh: Images = { data: waves(70, 5), rows: 70 };
describe('what a detector of images makes of codes', () => {
  let detector: ImageDetector;
  beforeAll(async () => {
    detector = await ImageDetector.train(training, quickTraining, platform);
  });
  afterAll(() => detector.dispose());

  it('reconstructs, encodes, decodes and generates', async () => {
    const expected = await detector.reconstruct(fresh);
    const codes = await detector.latent.encode(fresh);
    expect(codes.columns).toBe(4);
    expect((await detector.latent.decode(codes)).data).toEqual(expected.data);
    for (const from of ['prior', 'posterior'] as const) {
      const made = await detector.latent.generate(5, { seed: 3, from });
      expect(made.data).toHaveLength(5 * size);
      expect(made.data.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(await detector.latent.generate(5, { seed: 3, from })).toEqual(made);
      expect(await detector.latent.generate(5, { seed: 4, from })).not.toEqual(made);
    }
    expect(await detector.latent.generate(0)).toEqual({ data: new Float32Array(0), rows: 0 });
  });

  it('walks from one image to another', async () => {
    const [a, b] = [partOf(fresh, 0, 1), partOf(fresh, 1, 2)];
    for (const path of ['linear', 'spherical'] as const) {
      const way = await detector.latent.interpolate(a, b, { steps: 5, path });
      expect(way.rows).toBe(5);
      const ends = await detector.reconstruct(partOf(fresh, 0, 2));
      const distance = (x: Float32Array, y: Float32Array): number =>
        Math.max(...x.map((value, at) => Math.abs(value - y[at]!)));
      expect(distance(partOf(way, 0, 1).data, partOf(ends, 0, 1).data)).toBeLessThan(1e-4);
      expect(distance(partOf(way, 4, 5).data, partOf(ends, 1, 2).data)).toBeLessThan(1e-4);
    }
    await expectError(() => detector.latent.interpolate(fresh, b), 'detect/input');
    await expectError(() => detector.latent.interpolate(a, b, { steps: 0 }), 'detect/input');
    await expectError(
      () => detector.latent.interpolate(a, b, { path: 'bent' as 'linear' }),
      'detect/configuration',
    );
  });

  it('draws codes that do not depend on their number, spread as those of training images', async () => {
    for (const from of ['prior', 'posterior'] as const) {
      const many = detector.latent.drawCodes(50, { seed: 9, from });
      const few = detector.latent.drawCodes(3, { seed: 9, from });
      expect(few.data).toEqual(many.data.slice(0, few.data.length));
    }
    const moments = (data: Float32Array): [mean: number, variance: number] => {
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return [mean, data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length];
    };
    const [, prior] = moments(detector.latent.drawCodes(2000, { from: 'prior' }).data);
    expect(prior).toBeCloseTo(1, 1);
    const unit = (codes: Float32Array, at: number): Float32Array =>
      codes.filter((_, place) => place % 4 === at);
    const known = await detector.latent.encode({ data: waves(normals, 1), rows: normals });
    const drawn = detector.latent.drawCodes(2000, { from: 'posterior' });
    for (let at = 0; at < 4; at++) {
      const [mean, variance] = moments(unit(known.data, at));
      const [drawnMean, drawnVariance] = moments(unit(drawn.data, at));
      expect(Math.abs(drawnMean - mean)).toBeLessThan(0.3 * Math.sqrt(variance) + 0.1);
      expect(drawnVariance).toBeGreaterThan(0.5 * variance);
    }
    await expectError(() => Promise.resolve(detector.latent.drawCodes(-1)), 'detect/input');
    await expectError(
      () => Promise.resolve(detector.latent.drawCodes(1, { from: 'nowhere' as 'prior' })),
      'detect/configuration',
    );
  });

  it('moves along attributes, stored by name, and along latent units', async () => {
    await using own = await ImageDetector.fromBytes(await detector.toBytes(), platform);
    const steep = await own.latent.attributeVector(partOf(fresh, 0, 9), partOf(fresh, 9, 20));
    const opposite = await own.latent.attributeVector(partOf(fresh, 9, 20), partOf(fresh, 0, 9));
    steep.vector.forEach((value, unit) => expect(value + opposite.vector[unit]!).toBeCloseTo(0, 5));
    expect(steep.rows).toEqual({ with: 9, without: 11 });
    async function* batches() {
      yield partOf(fresh, 0, 4);
      yield partOf(fresh, 4, 9);
    }
    expect(await own.latent.attributeVector(batches(), partOf(fresh, 9, 20))).toEqual(steep);
    own.latent.keepAttribute('steep', steep);
    await using loaded = await ImageDetector.fromBytes(await own.toBytes(), platform);
    expect(loaded.latent.attributes).toEqual({ steep });
    const some = partOf(fresh, 0, 2);
    const more = await loaded.latent.transfer(some, 'steep');
    expect(more).toEqual(await detector.latent.transfer(some, steep.vector, { amount: 1 }));
    expect(more).not.toEqual(await detector.reconstruct(some));
    expect(await loaded.latent.transfer(some, 'steep', { amount: 0 })).toEqual(
      await detector.reconstruct(some),
    );
    await expectError(() => loaded.latent.transfer(some, 'flat'), 'detect/configuration');
    await expectError(() => loaded.latent.transfer(some, [1, 2]), 'detect/input');
    await expectError(
      () => Promise.resolve(own.latent.keepAttribute(' ', steep)),
      'detect/configuration',
    );
    await expectError(
      () => own.latent.attributeVector(partOf(fresh, 0, 0), partOf(fresh, 0, 1)),
      'detect/input',
    );
    const image = partOf(fresh, 0, 1);
    const way = await detector.latent.traverse({ from: image, units: [2, 0], steps: 5, range: 2 });
    expect(way.rows).toBe(10);
    expect([...way.unit].join('')).toBe('2222200000');
    const code = (await detector.latent.encode(image)).data;
    code[2] = 1;
    expect(partOf(way, 3, 4)).toEqual(
      await detector.latent.decode({ data: code, rows: 1, columns: 4 }),
    );
    expect((await detector.latent.traverse()).rows).toBe(4 * 7);
    await expectError(() => detector.latent.traverse({ units: [4] }), 'detect/configuration');
    await expectError(() => detector.latent.traverse({ from: fresh }), 'detect/input');
  });
});
