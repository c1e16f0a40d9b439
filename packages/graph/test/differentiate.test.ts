import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';
import type { Tensor } from '@unlikely/graph';
import { float32, float64, loadModel, numbers, runGraph } from './support/run-graph.ts';

const rows = 4;
const features = 5;
const hidden = 6;
const latent = 2;
const layout: g.ParameterLayout = [
  { name: 'encoderWeight', shape: [features, hidden] },
  { name: 'encoderBias', shape: [hidden] },
  { name: 'latentWeight', shape: [hidden, 2 * latent] },
  { name: 'latentBias', shape: [2 * latent] },
  { name: 'decoderWeight', shape: [latent, hidden] },
  { name: 'decoderBias', shape: [1, hidden] },
  { name: 'meanWeight', shape: [hidden, features] },
  { name: 'meanBias', shape: [features] },
  { name: 'logVariance', shape: [features] },
];

/** −ELBO of a Gaussian VAE with β, masked likelihood and a mean over rows (Kingma & Welling 2014). */
function elboLoss(theta: Tensor, x: Tensor, noise: Tensor, mask: Tensor): Tensor {
  const p = g.splitParameters(theta, layout);
  const h = g.tanh(g.gemm(x, p['encoderWeight']!, p['encoderBias']!));
  const [mean, logVariance] = g.split(
    g.gemm(h, p['latentWeight']!, p['latentBias']!),
    [latent, latent],
    1,
  ) as [Tensor, Tensor];
  const z = g.add(mean, g.multiply(g.exp(g.multiply(logVariance, 0.5)), noise));
  const d = g.sigmoid(g.add(g.matMul(z, p['decoderWeight']!), p['decoderBias']!));
  const output = g.add(g.matMul(d, p['meanWeight']!), p['meanBias']!);
  const variance = g.clip(p['logVariance']!, -4, 4);
  const error = g.subtract(x, output);
  const logLikelihood = g.multiply(
    -0.5,
    g.add(
      g.add(variance, Math.log(2 * Math.PI)),
      g.divide(g.multiply(error, error), g.exp(variance)),
    ),
  );
  const likelihood = g.reduceSum(g.multiply(logLikelihood, mask), { axes: [1] });
  const divergence = g.multiply(
    0.5,
    g.reduceSum(
      g.subtract(g.subtract(g.add(g.exp(logVariance), g.multiply(mean, mean)), 1), logVariance),
      { axes: [1] },
    ),
  );
  return g.reduceMean(g.subtract(g.multiply(0.7, divergence), likelihood));
}

describe('the loss of a whole variational autoencoder', () => {
  it('has the gradient that central differences find, in double precision', async () => {
    const count = g.parameterCount(layout);
    const stream = new g.RandomStream(3, 'vae');
    const normals = (n: number, scale: number): number[] =>
      Array.from({ length: n }, () => scale * stream.normal());
    const theta = g.input('theta', [count], 'float64');
    const x = g.input('x', [rows, features], 'float64');
    const noise = g.input('noise', [rows, latent], 'float64');
    const mask = g.input('mask', [rows, features], 'float64');
    const loss = elboLoss(theta, x, noise, mask);
    const [gradient] = g.differentiate(loss, [theta]);
    const graph = g.optimise(
      g.makeGraph('vae', [theta, x, noise, mask], { loss, gradient: gradient! }),
    );
    const model = await loadModel(g.writeModel(g.verify(graph)));
    const parameters = normals(count, 0.5);
    const feeds = {
      x: float64(normals(rows * features, 1), [rows, features]),
      noise: float64(normals(rows * latent, 1), [rows, latent]),
      mask: float64(
        Array.from({ length: rows * features }, (_, i) => Number(i % 4 !== 0)),
        [rows, features],
      ),
    };
    const run = (values: readonly number[]) =>
      model.run({ theta: float64(values, [count]), ...feeds });
    const analytic = numbers((await run(parameters))['gradient']);
    expect(Math.max(...analytic.map(Math.abs))).toBeGreaterThan(0.1);
    const step = 1e-5;
    for (let i = 0; i < count; i++) {
      const moved = (by: number) =>
        run(parameters.map((value, j) => (j === i ? value + by : value)));
      const up = numbers((await moved(step))['loss'])[0]!;
      const down = numbers((await moved(-step))['loss'])[0]!;
      expect(analytic[i]).toBeCloseTo((up - down) / (2 * step), 7);
    }
  });
});

describe('differentiate', () => {
  const code = (expected: string) => expect.objectContaining({ code: expected });

  it('refuses a loss with more than one element', () => {
    const x = g.input('x', [2]);
    expect(() => g.differentiate(x, [x])).toThrow(code('graph/shape'));
  });

  it('refuses a loss of unknown size', () => {
    const x = g.input('x', ['n']);
    expect(() => g.differentiate(x, [x])).toThrow(code('graph/shape'));
  });

  it('names a parameter that the loss does not use', () => {
    const used = g.input('used', [2]);
    const unused = g.input('unused', [3, 7]);
    expect(() => g.differentiate(g.reduceSum(used), [used, unused])).toThrow('[3, 7]');
    expect(() => g.differentiate(g.reduceSum(used), [unused])).toThrow(
      code('graph/not-differentiable'),
    );
  });

  it('refuses a mean over an axis of unknown size, whose gradient depends on it', () => {
    const w = g.input('w', [3]);
    const loss = g.reduceMean(g.multiply(g.input('x', ['n', 3]), w));
    expect(() => g.differentiate(loss, [w])).toThrow(code('graph/shape'));
  });

  it('treats operators without a gradient as constants where another path exists', async () => {
    const x = g.input('x', [3]);
    const [dx] = g.differentiate(g.reduceSum(g.multiply(x, g.sign(x))), [x]);
    const result = await runGraph(g.makeGraph('g', [x], { dx: dx! }), {
      x: float32([-2, 3, 5], [3]),
    });
    expect(numbers(result['dx'])).toEqual([-1, 1, 1]);
  });

  it('gives the gradient by a tensor inside the graph', async () => {
    const x = g.input('x', [2]);
    const inner = g.multiply(x, 3);
    const [dInner] = g.differentiate(g.reduceSumSquare(inner), [inner]);
    const result = await runGraph(g.makeGraph('g', [x], { dInner: dInner! }), {
      x: float32([1, -2], [2]),
    });
    expect(numbers(result['dInner'])).toEqual([6, -12]);
  });

  it('gives second derivatives: of Σ x³ + x⁴, 6x + 12x²', async () => {
    const x = g.input('x', [3], 'float64');
    const loss = g.reduceSum(g.add(g.power(x, 3), g.power(x, 4)));
    const [first] = g.differentiate(loss, [x]);
    const [second] = g.differentiate(g.reduceSum(first!), [x]);
    const result = await runGraph(g.makeGraph('g', [x], { second: second! }), {
      x: float64([-1, 0, 2], [3]),
    });
    expect(numbers(result['second'])).toEqual([6, 0, 60]);
  });
});

describe('gradients at kinks and poles', () => {
  async function gradientAt(
    build: (x: Tensor) => Tensor,
    values: readonly number[],
    shape: readonly number[] = [values.length],
  ): Promise<number[]> {
    const x = g.input('x', shape);
    const [dx] = g.differentiate(g.reduceSum(build(x)), [x]);
    const result = await runGraph(g.makeGraph('g', [x], { dx: dx! }), {
      x: float32(values, shape),
    });
    return numbers(result['dx']);
  }

  it.each<[string, (x: Tensor) => Tensor, number[], number[]]>([
    ['relu is 0 at 0', g.relu, [-1, 0, 1], [0, 0, 1]],
    ['abs is 0 at 0', g.abs, [-1, 0, 1], [-1, 0, 1]],
    ['x⁰ is 0, also at 0', (x) => g.power(x, 0), [-1, 0, 2], [0, 0, 0]],
    ['x¹ is 1, also at 0', (x) => g.power(x, 1), [-1, 0, 2], [1, 1, 1]],
    ['x² is 2x, also below 0', (x) => g.power(x, 2), [-3, 0, 2], [-6, 0, 4]],
    ['x³ is 3x², also below 0', (x) => g.power(x, 3), [-2, 0, 2], [12, 0, 12]],
    ['the norm is 0 at the origin', (x) => g.reduceL2(x), [0, 0], [0, 0]],
    ['equal maxima share', (x) => g.reduceMax(x), [1, 3, 3, 2], [0, 0.5, 0.5, 0]],
    [
      'clip is 1 at its ends, 0 outside',
      (x) => g.clip(x, -1, 1),
      [-2, -1, 0, 1, 2],
      [0, 1, 1, 1, 0],
    ],
    ['softplus stays finite far out', g.softplus, [-200, -20, 0, 20, 200], [0, 2e-9, 0.5, 1, 1]],
  ])('%s', async (_, build, values, expected) => {
    const gradient = await gradientAt(build, values);
    expected.forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 6));
  });

  it('0ᵇ has the slope 0 by b', async () => {
    const b = g.input('b', [3]);
    const [db] = g.differentiate(g.reduceSum(g.power(g.constant([0, 1, 2]), b)), [b]);
    const result = await runGraph(g.makeGraph('g', [b], { db: db! }), {
      b: float32([2, 2, 2], [3]),
    });
    const [zero, one, two] = numbers(result['db']);
    expect([zero, one]).toEqual([0, 0]);
    expect(two).toBeCloseTo(4 * Math.log(2), 5);
  });

  it('a guarded argument keeps NaN out of the branch that is not taken', async () => {
    const guarded = (x: Tensor): Tensor => {
      const positive = g.greater(x, 0);
      return g.where(positive, g.log(g.where(positive, x, 1)), 0);
    };
    expect(await gradientAt(guarded, [-1, 0, 2])).toEqual([0, 0, 0.5]);
  });

  it('values that the branch not taken holds do not reach the gradient', async () => {
    const x = g.input('x', [2]);
    const held = g.constant([Number.NaN, 5]);
    const loss = g.reduceSum(g.where(g.isNaN(held), 0, g.multiply(x, x)));
    const [dx] = g.differentiate(loss, [x]);
    const result = await runGraph(g.makeGraph('g', [x], { dx: dx! }), { x: float32([3, 3], [2]) });
    expect(numbers(result['dx'])).toEqual([0, 6]);
  });

  it.each([
    ['softplus', g.softplus, [-200, -30, 0, 30, 200], [0, 9.3576e-14, Math.LN2, 30, 200]],
    ['reduceLogSumExp', (x: Tensor) => g.reduceLogSumExp(x), [200, 200], [200 + Math.LN2]],
    ['logSoftmax', (x: Tensor) => g.logSoftmax(x), [1000, 0], [0, -1000]],
    ['sigmoid', g.sigmoid, [-200, 200], [0, 1]],
  ])(
    '%s is finite and right for large inputs in single precision',
    async (_, build, xs, expected) => {
      const x = g.input('x', [xs.length]);
      const result = await runGraph(g.makeGraph('g', [x], { y: build(x) }), {
        x: float32(xs, [xs.length]),
      });
      numbers(result['y']).forEach((y, i) => {
        expect(Math.abs(y - expected[i]!)).toBeLessThanOrEqual(
          1e-6 * Math.max(1e-8, Math.abs(expected[i]!)) + 1e-14,
        );
      });
    },
  );
});
