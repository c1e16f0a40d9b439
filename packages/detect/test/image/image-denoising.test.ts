import { RandomStream } from '@unlikely/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageDetector } from '@unlikely/detect';
import type { Images, ImageTrainOptions } from '@unlikely/detect';
import { memorySource } from '../support/memory-images.ts';
import { platform } from '../support/platform.ts';

const rows = 40;
/** Waves of one direction, somewhere along it, with a little noise. */
function stripes(count: number, seed: number): Float32Array {
  const own = new RandomStream(seed, 'stripes');
  const phases = Array.from({ length: count }, () => 6 * own.uniform());
  return Float32Array.from({ length: count * 28 * 28 }, (_, at) => {
    const [x, y] = [at % 28, Math.floor(at / 28) % 28];
    return (
      0.5 + 0.35 * Math.sin(0.4 * (x + y) + phases[Math.floor(at / 784)]!) + 0.02 * own.normal()
    );
  });
}
const clean: Images = { data: stripes(rows, 5), rows };
const stream = new RandomStream(3, 'damage');
const noisy: Images = {
  data: clean.data.map((x) => Math.min(1, Math.max(0, x + 0.2 * stream.normal()))),
  rows,
};
const training = memorySource(
  stripes(200, 1),
  Array.from({ length: 200 }, () => 'good'),
);
const quick: ImageTrainOptions = {
  channels: 4,
  hiddenSize: 32,
  latentSize: 4,
  steps: 300,
  batchSize: 32,
  codes: 60,
};

const error = (images: Images): number => {
  const squares = images.data.map((x, at) => (x - clean.data[at]!) ** 2);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
};

describe.each(['gaussian', 'discretised-logistic'] as const)(
  'denoising by a decoder with the likelihood %s',
  (likelihood) => {
    let detector: ImageDetector;
    beforeAll(async () => {
      detector = await ImageDetector.train(training, { ...quick, likelihood }, platform);
    });
    afterAll(() => detector.dispose());

    it('takes noise away, and leaves more of an undamaged image than the code can say', async () => {
      const restored = error(await detector.denoise(noisy));
      expect(restored).toBeLessThan(0.75 * error(noisy));
      const kept = error(await detector.denoise(clean));
      expect(kept).toBeLessThan(0.8 * error(await detector.reconstruct(clean)));
    });

    it('gives an image the same pixels whatever comes with it', async () => {
      const whole = await detector.denoise(noisy);
      const size = whole.data.length / rows;
      const alone = await detector.denoise({ data: noisy.data.slice(7 * size, 8 * size), rows: 1 });
      expect(alone.data).toEqual(whole.data.slice(7 * size, 8 * size));
      expect(whole.data.every((x) => x >= 0 && x <= 1)).toBe(true);
    });
  },
);

describe('denoising without a variance of grey levels', () => {
  it.each([{ model: 'autoencoder' }, { likelihood: 'bernoulli' }] as const)(
    'gives an expected image, whatever came: %o',
    async (options) => {
      await using detector = await ImageDetector.train(
        training,
        { ...quick, ...options },
        platform,
      );
      const restored = await detector.denoise(noisy);
      // Of the noisy image itself this would be all of it.
      const noise = noisy.data.map((x, at) => x - clean.data[at]!);
      const common = restored.data.reduce(
        (sum, x, at) => sum + (x - clean.data[at]!) * noise[at]!,
        0,
      );
      const own = noise.reduce((sum, x) => sum + x * x, 0);
      expect(Math.abs(common)).toBeLessThan(0.4 * own);
    },
  );
});
