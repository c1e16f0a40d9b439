import {
  gradientProgram,
  optimise,
  parameterRange,
  RandomStream,
  writeModel,
} from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../src/modality/table/configuration.ts';
import type { ModelCore } from '../src/modality/table/core.ts';
import { initialise } from '../src/modality/table/network/initialise.ts';
import { trainingObjective } from '../src/modality/table/objective.ts';
import { klWeightAt, learningRateAt } from '../src/train/training-plan.ts';
import { binary, categorical, count, numeric } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { float32 } from './support/run-graph.ts';
import { coreOf, randomTheta } from './support/small-model.ts';
import { testRuntime } from './support/platform.ts';

const batchRows = 6;
const fields = [
  numeric('n'),
  numeric('m'),
  count('c'),
  binary('b'),
  categorical('k', ['x', 'y', 'z']),
];
const table = Array.from({ length: 60 }, (_, row) => [
  Math.sin(row),
  Math.cos(row) + 3,
  row % 7,
  row % 2,
  row % 3,
]);

const likelihoodChoices: Configuration['likelihoods'][] = [
  { numeric: 'gaussian', count: 'gaussian', binary: 'gaussian', categorical: 'gaussian' },
  { numeric: 'gaussian', count: 'poisson', binary: 'bernoulli', categorical: 'categorical' },
  { numeric: 'gaussian', count: 'negative-binomial', binary: 'bernoulli', categorical: 'gaussian' },
];

/** The loss and its gradient as a function of θ, for one minibatch with a missing value. */
async function lossOf(core: ModelCore) {
  const objective = trainingObjective(core, { batchRows, missing: true });
  const { graph, metrics } = gradientProgram(objective);
  const runtime = await testRuntime();
  const session = await runtime.createSession(writeModel(optimise(graph)), { threads: 1 });
  const stream = new RandomStream(3, 'batch');
  const draw = (shape: readonly number[]): RuntimeTensor =>
    float32(
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal()),
      ...shape,
    );
  const { features, present, noise } = objective.batch;
  const flags = draw(present!.shape);
  const batch = {
    features: draw(features!.shape),
    present: {
      ...flags,
      data: Float32Array.from(flags.data as Float32Array, (_, at) => Number(at % 11 > 0)),
    },
    ...(noise === undefined ? {} : { noise: draw(noise.shape) }),
  };
  // Indicators and counts have to be such in raw units.
  const values = batch.features.data as Float32Array;
  core.features.forEach(({ field, category, mean, deviation }, index) => {
    for (let at = index; at < values.length; at += core.features.length) {
      const row = table[Math.floor(at / core.features.length) % table.length]!;
      const raw = category === undefined ? row[field]! : Number(row[field] === category);
      values[at] = (raw - mean) / deviation;
    }
  });
  return {
    batch,
    at: async (theta: Float32Array, klWeight: number) => {
      const schedule = core.shape.variational ? { schedule: float32([klWeight]) } : {};
      const outputs = await session.run({ theta: float32(theta), ...batch, ...schedule });
      const named = outputs['metrics']!.data as Float32Array;
      return {
        gradient: outputs['gradient']!.data as Float32Array,
        metric: (name: string) => named[metrics.indexOf(name)]!,
      };
    },
    dispose: () => runtime.dispose(),
  };
}

describe('the training objective', () => {
  it.each([
    ...likelihoodChoices.map((likelihoods) => ({ model: 'variational' as const, likelihoods })),
    { model: 'autoencoder' as const, likelihoods: likelihoodChoices[0]! },
  ])('has the gradient of its loss: %j', async (options) => {
    const core = coreOf(fields, rowsOf(table), {
      ...options,
      encoderSizes: [5],
      members: 2,
      deviationFloor: 0.3,
    });
    const theta = randomTheta(core, 1, 0.3);
    const loss = await lossOf(core);
    const { gradient } = await loss.at(theta, 0.7);
    // Directions at random: the derivative along them is the inner product with the gradient.
    for (let direction = 0; direction < 4; direction++) {
      const along = randomTheta(core, 100 + direction, 1);
      const step = 2e-3;
      const moved = (sign: number) =>
        theta.map((value, index) => value + sign * step * along[index]!);
      const [up, down] = [await loss.at(moved(1), 0.7), await loss.at(moved(-1), 0.7)];
      const numeric = (up.metric('loss') - down.metric('loss')) / (2 * step);
      const exact = along.reduce((sum, value, index) => sum + value * gradient[index]!, 0);
      expect(Math.abs(numeric - exact)).toBeLessThan(0.02 * Math.abs(exact) + 0.05);
    }
    expect(gradient.some((value) => value !== 0)).toBe(true);
    await loss.dispose();
  });

  it('is reconstruction plus the weighted KL term, and each has a gradient of its own', async () => {
    const core = coreOf(fields, rowsOf(table), { members: 1 });
    const theta = randomTheta(core, 2);
    const loss = await lossOf(core);
    const [none, half, full] = [
      await loss.at(theta, 0),
      await loss.at(theta, 0.5),
      await loss.at(theta, 1),
    ];
    expect(none.metric('loss')).toBeCloseTo(full.metric('reconstruction'), 4);
    expect(full.metric('kl')).toBeGreaterThan(0);
    expect(half.metric('loss')).toBeCloseTo(
      full.metric('reconstruction') + 0.5 * full.metric('kl'),
      3,
    );
    expect(full.metric('loss')).toBeCloseTo(full.metric('reconstruction') + full.metric('kl'), 3);
    const klGradient = full.gradient.map((value, index) => value - none.gradient[index]!);
    const norm = (values: Float32Array) => Math.hypot(...values);
    expect(norm(klGradient)).toBeGreaterThan(0.1);
    expect(norm(none.gradient)).toBeGreaterThan(0.1);
    // The KL term concerns the encoder alone.
    const decoder = parameterRange(core.layout, 'decoder0.weight').start;
    expect(norm(klGradient.subarray(0, decoder))).toBeGreaterThan(0.1);
    expect(klGradient.subarray(decoder).every((value) => value === 0)).toBe(true);
    await loss.dispose();
  });

  it('has the KL term of the closed form, and that is the mean over draws', async () => {
    // One layer without hidden ones: the code is a linear map that is easily computed.
    const core = coreOf([numeric('a'), numeric('b')], rowsOf(table.map(([a, b]) => [a!, b!])), {
      encoderSizes: [],
      members: 1,
      latentSize: 2,
    });
    const theta = randomTheta(core, 4, 0.8);
    const loss = await lossOf(core);
    const { metric } = await loss.at(theta, 1);
    const weight = theta.subarray(0, 2 * 4);
    const bias = theta.subarray(8, 12);
    const x = loss.batch.features.data as Float32Array;
    const stream = new RandomStream(8, 'monte-carlo');
    let closed = 0;
    let drawn = 0;
    for (let row = 0; row < batchRows; row++) {
      const out = [0, 1, 2, 3].map(
        (k) => x[2 * row]! * weight[k]! + x[2 * row + 1]! * weight[4 + k]! + bias[k]!,
      );
      for (const unit of [0, 1]) {
        const [mean, logVariance] = [out[unit]!, out[2 + unit]!];
        closed += 0.5 * (mean ** 2 + Math.exp(logVariance) - 1 - logVariance);
        for (let draw = 0; draw < 20_000; draw++) {
          const epsilon = stream.normal();
          const z = mean + Math.exp(logVariance / 2) * epsilon;
          drawn += (0.5 * (z ** 2 - epsilon ** 2 - logVariance)) / 20_000;
        }
      }
    }
    expect(metric('kl')).toBeCloseTo(closed / batchRows, 4);
    expect(Math.abs(drawn - closed) / batchRows).toBeLessThan(0.03);
    await loss.dispose();
  });

  it('has the reconstruction term of a Gaussian decoder', async () => {
    const core = coreOf([numeric('a'), numeric('b')], rowsOf(table.map(([a, b]) => [a!, b!])), {
      encoderSizes: [],
      members: 1,
      latentSize: 2,
      deviationFloor: 0.2,
    });
    const theta = randomTheta(core, 5, 0.8);
    const loss = await lossOf(core);
    const { metric } = await loss.at(theta, 1);
    const { features, present, noise } = loss.batch;
    const [x, flags, epsilon] = [features, present, noise!].map(({ data }) => data as Float32Array);
    const linear = (input: readonly number[], offset: number, outputs: number): number[] =>
      Array.from({ length: outputs }, (_, k) =>
        input.reduce(
          (sum, value, i) => sum + value * theta[offset + i * outputs + k]!,
          theta[offset + input.length * outputs + k]!,
        ),
      );
    let total = 0;
    for (let row = 0; row < batchRows; row++) {
      const code = linear([x![2 * row]!, x![2 * row + 1]!], 0, 4);
      const z = [0, 1].map(
        (unit) => code[unit]! + Math.exp(code[2 + unit]! / 2) * epsilon![2 * row + unit]!,
      );
      const decoded = linear(z, 12, 4);
      for (const feature of [0, 1]) {
        const precision =
          1 + 0.2 ** -2 / (1 + Math.exp(-(decoded[2 + feature]! + 2 * Math.log(0.2))));
        const distance = (x![2 * row + feature]! - decoded[feature]!) ** 2;
        total +=
          flags![2 * row + feature]! *
          0.5 *
          (distance * precision - Math.log(precision) + Math.log(2 * Math.PI));
      }
    }
    expect(metric('reconstruction')).toBeCloseTo(total / batchRows, 3);
    await loss.dispose();
  });

  it('weighs the KL term by the schedule: from nothing to beta', () => {
    const core = coreOf([numeric('a')], rowsOf(table.map(([a]) => [a!])), {
      beta: 4,
      klWarmUp: 0.5,
      steps: 100,
    });
    expect(klWeightAt(core.configuration, 0)).toBeCloseTo(4 / 50, 12);
    expect(klWeightAt(core.configuration, 24)).toBeCloseTo(2, 12);
    expect(klWeightAt(core.configuration, 49)).toBe(4);
    expect(klWeightAt(core.configuration, 99)).toBe(4);
    const none = coreOf([numeric('a')], rowsOf(table.map(([a]) => [a!])), { klWarmUp: 0, beta: 4 });
    expect(klWeightAt(none.configuration, 0)).toBe(4);
    const rates = Array.from({ length: 100 }, (_, step) =>
      learningRateAt(core.configuration, step),
    );
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.01);
    expect(rates[99]).toBeLessThan(0.0005);
    expect(rates.every((rate) => rate > 0)).toBe(true);
  });

  it('starts from weights of the right size, the same for the same seed', () => {
    const core = coreOf(fields, rowsOf(table), { encoderSizes: [64, 32], members: 3 });
    const theta = initialise(core.shape, 7);
    expect(initialise(core.shape, 7)).toEqual(theta);
    expect(initialise(core.shape, 8)).not.toEqual(theta);
    const { start, end } = parameterRange(core.layout, 'encoder1.weight');
    const weights = theta.subarray(start, end);
    const square = weights.reduce((sum, value) => sum + value ** 2, 0) / weights.length;
    expect(square * ((64 + 32) / 2)).toBeCloseTo(1, 1);
    const bias = parameterRange(core.layout, 'encoder1.bias');
    expect(theta.subarray(bias.start, bias.end).every((value) => value === 0)).toBe(true);
    // Members start from different weights.
    const one = (end - start) / 3;
    expect(weights.slice(0, one)).not.toEqual(weights.slice(one, 2 * one));
  });
});
