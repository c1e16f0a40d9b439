import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';
import type { Optimiser } from '@unlikely/graph';
import { float32, loadModel, numbers } from './support/run-graph.ts';

interface Goldens {
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly steps: Readonly<Record<string, readonly (readonly number[])[]>>;
}

const goldens = JSON.parse(
  readFileSync(new URL('fixtures/optimiser-goldens.json', import.meta.url), 'utf8'),
) as Goldens;

/** The parameters after each step of `applyProgram` along given gradients. */
async function trajectory(
  optimiser: Optimiser,
  learningRate: number,
  {
    start = goldens.start,
    gradients = goldens.gradients,
    maximumGradientNorm,
  }: {
    start?: readonly number[];
    gradients?: readonly (readonly number[])[];
    maximumGradientNorm?: number;
  } = {},
): Promise<number[][]> {
  const count = start.length;
  const program = g.applyProgram({
    parameterCount: count,
    batch: {},
    scheduled: [],
    optimiser,
    build: (theta) => ({ loss: g.reduceSum(theta), metrics: {} }),
    ...(maximumGradientNorm === undefined ? {} : { maximumGradientNorm }),
  });
  const model = await loadModel(g.writeModel(g.verify(program.graph)));
  let state: Record<string, ReturnType<typeof float32>> = { theta: float32(start, [count]) };
  for (const name of g.slotNames(optimiser)) {
    state[name] = float32(
      Array.from({ length: count }, () => 0),
      [count],
    );
  }
  const steps: number[][] = [];
  for (const [step, gradient] of gradients.entries()) {
    const row = optimiser.schedule(learningRate, step);
    expect(program.scheduled.length).toBe(row.length);
    const result = await model.run({
      ...state,
      gradient: float32(gradient, [count]),
      schedule: float32(row, [row.length]),
    });
    state = Object.fromEntries(
      Object.keys(state).map((name) => [name, float32(numbers(result[`next_${name}`]), [count])]),
    );
    steps.push(numbers(state['theta']));
  }
  return steps;
}

function expectClose(actual: readonly number[][], expected: readonly (readonly number[])[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((values, step) => {
    values.forEach((value, index) => {
      expect(value, `step ${step}, parameter ${index}`).toBeCloseTo(expected[step]![index]!, 6);
    });
  });
}

describe('the parameters go where those of PyTorch go', () => {
  it.each<[string, Optimiser, number]>([
    ['sgd', g.sgd(), 0.1],
    ['momentum', g.sgd({ momentum: 0.9 }), 0.1],
    ['adam', g.adam(), 0.01],
    ['adamBetas', g.adam({ beta1: 0.5, beta2: 0.9 }), 0.01],
    ['adamW', g.adamW({ weightDecay: 0.1 }), 0.01],
  ])('%s', async (name, optimiser, learningRate) => {
    expectClose(await trajectory(optimiser, learningRate), goldens.steps[name]!);
  });

  it('sgd with clipped gradients', async () => {
    const clipped = await trajectory(g.sgd(), 0.1, { maximumGradientNorm: 1 });
    expectClose(clipped, goldens.steps['sgdClipped']!);
  });
});

describe('adam', () => {
  it('adds ε to the root that is not corrected for its bias', async () => {
    const [beta1, beta2, epsilon, rate, gradient] = [0.9, 0.999, 0.1, 0.01, 2];
    const [first] = await trajectory(g.adam({ epsilon }), rate, {
      start: [1],
      gradients: [[gradient]],
    });
    const mean = (1 - beta1) * gradient;
    const root = Math.sqrt((1 - beta2) * gradient ** 2);
    const step = (rate * Math.sqrt(1 - beta2)) / (1 - beta1);
    expect(first![0]).toBeCloseTo(1 - (step * mean) / (root + epsilon), 6);
  });

  it('moves each parameter by the learning rate at first, whatever the size of its gradient', async () => {
    const [first] = await trajectory(g.adam(), 0.01, {
      start: [0, 0, 0],
      gradients: [[1e-3, -1, 1e4]],
    });
    [-0.01, 0.01, -0.01].forEach((value, i) => expect(first![i]).toBeCloseTo(value, 5));
  });

  it('does not move where the gradient is 0', async () => {
    expect(await trajectory(g.adam(), 0.1, { start: [3], gradients: [[0], [0]] })).toEqual([
      [3],
      [3],
    ]);
  });

  it('with decay shrinks parameters without a gradient by rate · decay a step', async () => {
    const steps = await trajectory(g.adamW({ weightDecay: 0.5 }), 0.1, {
      start: [1],
      gradients: [[0], [0]],
    });
    expectClose(steps, [[0.95], [0.95 ** 2]]);
  });
});

describe('clipByGlobalNorm', () => {
  async function clipped(gradient: readonly number[], norm: number): Promise<number[]> {
    const x = g.input('x', [gradient.length]);
    const graph = g.makeGraph('clip', [x], { y: g.clipByGlobalNorm(x, norm) });
    const model = await loadModel(g.writeModel(graph));
    return numbers((await model.run({ x: float32(gradient, [gradient.length]) }))['y']);
  }

  it.each<[string, number[], number, number[]]>([
    ['scales what is longer', [3, 4], 1, [0.6, 0.8]],
    ['keeps what is shorter, to the bit', [0.3, -0.4], 1, [0.3, -0.4].map(Math.fround)],
    ['keeps zero', [0, 0], 1, [0, 0]],
    ['can clip to nothing', [3, 4], 0, [0, 0]],
  ])('%s', async (_, gradient, norm, expected) => {
    const result = await clipped(gradient, norm);
    expected.forEach((value, i) => expect(result[i]).toBeCloseTo(value, 6));
  });
});

describe('schedules', () => {
  const at = (schedule: g.Schedule, steps: readonly number[]): number[] => steps.map(schedule);

  it('constant', () => {
    expect(at(g.constantSchedule(0.3), [0, 7, 1e6])).toEqual([0.3, 0.3, 0.3]);
  });

  it('linear warm-up reaches 1 at its last step', () => {
    expect(at(g.linearWarmUp(4), [0, 1, 3, 4, 100])).toEqual([0.25, 0.5, 1, 1, 1]);
    expect(at(g.linearWarmUp(0), [0, 1])).toEqual([1, 1]);
  });

  it('warm-up, then a cosine to the floor, where it stays', () => {
    const schedule = g.warmUpCosine({ peak: 2, warmUpSteps: 2, totalSteps: 8, floor: 0.1 });
    const cosine = (step: number): number =>
      2 * (0.1 + 0.9 * 0.5 * (1 + Math.cos((Math.PI * step) / 8)));
    [cosine(0) / 2, cosine(1), 2 * 0.55, 0.2, 0.2, 0.2].forEach((value, i) =>
      expect(schedule([0, 1, 4, 8, 12, 16][i]!)).toBeCloseTo(value, 12),
    );
  });
});
