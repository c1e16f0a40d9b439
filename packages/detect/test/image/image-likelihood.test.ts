import { differentiate, input, reduceSum } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import {
  imageLikelihoodKinds,
  imageLikelihoods,
} from '../../src/modality/image/likelihood/likelihood.ts';
import type { ImageLikelihoodKind } from '../../src/modality/image/likelihood/likelihood.ts';
import { evaluate, float32 } from '../support/run-graph.ts';

const context = { mean: 0.4, deviation: 0.25, deviationFloor: 0.1 };

/** −log p and its derivatives by the decoder's numbers. */
async function ask(
  kind: ImageLikelihoodKind,
  x: readonly number[],
  outputs: readonly (readonly number[])[],
) {
  const value = input('x', [x.length]);
  const decoded = outputs.map((_, index) => input(`output${index}`, [x.length]));
  const surprise = imageLikelihoods[kind].negativeLogLikelihood(value, decoded, context);
  const gradients = differentiate(reduceSum(surprise), decoded);
  const answer = await evaluate(
    [value, ...decoded],
    {
      surprise,
      mean: imageLikelihoods[kind].mean(decoded, context),
      ...Object.fromEntries(gradients.map((gradient, index) => [`gradient${index}`, gradient])),
    },
    {
      x: float32(x),
      ...Object.fromEntries(outputs.map((of, index) => [`output${index}`, float32(of)])),
    },
  );
  return answer as { surprise: number[]; mean: number[] } & Record<string, number[]>;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

describe('likelihoods of pixels', () => {
  it('gaussian is the density of the standardised pixel, its precision between 1 and 1 + f⁻²', async () => {
    const [x, mean, a] = [0.7, 0.3, -0.5];
    const { surprise } = await ask('gaussian', [x], [[mean], [a]]);
    const precision = 1 + logistic(a + 2 * Math.log(0.1)) / 0.01;
    const error = (x - 0.4) / 0.25 - mean;
    const expected = 0.5 * (error ** 2 * precision - Math.log(precision) + Math.log(2 * Math.PI));
    expect(surprise[0]).toBeCloseTo(expected, 5);
  });

  it('bernoulli is the cross-entropy of a grey level', async () => {
    const answer = await ask('bernoulli', [0, 0.3, 1], [[1.2, 1.2, 1.2]]);
    const p = logistic(1.2);
    [0, 0.3, 1].forEach((x, index) => {
      const expected = -(x * Math.log(p) + (1 - x) * Math.log(1 - p));
      expect(answer.surprise[index]).toBeCloseTo(expected, 5);
      expect(answer.mean[index]).toBeCloseTo(p, 6);
    });
  });

  it.each([
    [0.2, 0],
    [-1.5, 1.5],
    [2.6, -3],
  ])(
    'discretised logistic gives probabilities of 256 levels that add up to 1 (mean %f, scale %f)',
    async (mean, scale) => {
      const levels = Array.from({ length: 256 }, (_, level) => level / 255);
      const { surprise } = await ask('discretised-logistic', levels, [
        levels.map(() => mean),
        levels.map(() => scale),
      ]);
      const total = surprise.reduce((sum, value) => sum + Math.exp(-value), 0);
      expect(total).toBeCloseTo(1, 3);
      // Salimans et al. 2017, equation 2, in doubles.
      const [centre, width] = [0.4 + 0.25 * mean, Math.exp(scale - 2)];
      const at = (edge: number): number => logistic((edge - centre) / width);
      levels.forEach((level, index) => {
        const above = level === 1 ? 1 : at(level + 0.5 / 255);
        const below = level === 0 ? 0 : at(level - 0.5 / 255);
        const expected = -Math.log(above - below);
        if (expected < 25) expect(Math.abs(surprise[index]! - expected)).toBeLessThan(2e-3);
      });
    },
  );

  it('squared error is the distance in standard deviations', async () => {
    const { surprise, mean } = await ask('squared-error', [0.9], [[0.5]]);
    expect(surprise[0]).toBeCloseTo(((0.9 - 0.4) / 0.25 - 0.5) ** 2, 5);
    expect(mean[0]).toBeCloseTo(0.4 + 0.25 * 0.5, 6);
  });

  it.each(imageLikelihoodKinds)('%s has the gradients of central differences', async (kind) => {
    const x = [0, 0.1, 0.45, 0.8, 1];
    const { parameters } = imageLikelihoods[kind];
    const outputs = Array.from({ length: parameters }, (_, index) =>
      x.map((_unused, place) => 0.4 * place - 0.7 + 0.3 * index),
    );
    const answer = await ask(kind, x, outputs);
    const step = 0.02;
    for (let index = 0; index < parameters; index++) {
      const moved = async (by: number): Promise<number[]> =>
        (
          await ask(
            kind,
            x,
            outputs.map((of, other) => (other === index ? of.map((value) => value + by) : of)),
          )
        ).surprise;
      const [above, below] = [await moved(step), await moved(-step)];
      above.forEach((value, place) => {
        const slope = (value - below[place]!) / (2 * step);
        const found = answer[`gradient${index}`]![place]!;
        expect(Math.abs(found - slope)).toBeLessThan(0.01 * Math.max(1, Math.abs(slope)));
      });
    }
  });
});
