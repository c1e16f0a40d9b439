import { describe, expect, it } from 'vitest';
import * as g from '@unlikely/graph';
import type { Optimiser, TrainingObjective } from '@unlikely/graph';
import { float32, loadModel, numbers } from './support/run-graph.ts';
import type { NamedValues, Values } from './support/run-graph.ts';

const rows = 8;
const columns = 3;
const layout: g.ParameterLayout = [
  { name: 'hiddenWeight', shape: [columns, 4] },
  { name: 'hiddenBias', shape: [4] },
  { name: 'outputWeight', shape: [4, 1] },
  { name: 'outputBias', shape: [1] },
];
const parameterCount = g.parameterCount(layout);

/** A small regression with a penalty whose weight is scheduled. */
const objective = (optimiser: Optimiser, maximumGradientNorm?: number): TrainingObjective => ({
  parameterCount,
  batch: { x: { shape: [rows, columns] }, y: { shape: [rows, 1] } },
  scheduled: ['penaltyWeight'],
  optimiser,
  ...(maximumGradientNorm === undefined ? {} : { maximumGradientNorm }),
  build: (theta, { x, y }, { penaltyWeight }) => {
    const p = g.splitParameters(theta, layout);
    const h = g.tanh(g.gemm(x!, p['hiddenWeight']!, p['hiddenBias']!));
    const output = g.gemm(h, p['outputWeight']!, p['outputBias']!);
    const error = g.reduceMean(g.multiply(g.subtract(output, y!), g.subtract(output, y!)));
    const penalty = g.reduceSumSquare(p['outputWeight']!);
    return { loss: g.add(error, g.multiply(penaltyWeight!, penalty)), metrics: { penalty, error } };
  },
});

interface Chunk {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly penalty: readonly number[];
}

function makeChunk(steps: number): Chunk {
  const stream = new g.RandomStream(1, 'regression');
  const x = Float32Array.from({ length: steps * rows * columns }, () => stream.normal());
  const y = Float32Array.from({ length: steps * rows }, (_, row) => {
    const [a, b, c] = x.subarray(row * columns, (row + 1) * columns);
    return Math.sin(a!) - 0.5 * b! + 0.1 * c!;
  });
  return { x, y, penalty: Array.from({ length: steps }, (_, step) => 1e-3 * (step + 1)) };
}

const initial = (optimiser: Optimiser): NamedValues => {
  const stream = new g.RandomStream(2, 'parameters');
  const theta = Array.from({ length: parameterCount }, () => 0.5 * stream.normal());
  const zero = Array.from({ length: parameterCount }, () => 0);
  return Object.fromEntries([
    ['theta', float32(theta, [parameterCount])],
    ...g.slotNames(optimiser).map((name) => [name, float32(zero, [parameterCount])]),
  ]) as NamedValues;
};

const nextState = (state: NamedValues, result: NamedValues): NamedValues =>
  Object.fromEntries(Object.keys(state).map((name) => [name, result[`next_${name}`]!]));

const rate = 0.02;

/** Steps `from` to `to` as one run of the scan. */
async function runChunk(
  program: g.TrainingProgram,
  optimiser: Optimiser,
  state: NamedValues,
  { x, y, penalty }: Chunk,
  from: number,
  to: number,
): Promise<{ state: NamedValues; metrics: Values }> {
  const steps = to - from;
  const schedule = Array.from({ length: steps }, (_, i) => [
    ...optimiser.schedule(rate, from + i),
    penalty[from + i]!,
  ]);
  const model = await loadModel(g.writeModel(program.graph));
  const part = (data: Float32Array, size: number): number[] => [
    ...data.subarray(from * size, to * size),
  ];
  const result = await model.run({
    ...state,
    x: float32(part(x, rows * columns), [steps, rows, columns]),
    y: float32(part(y, rows), [steps, rows, 1]),
    schedule: float32(schedule.flat(), [steps, schedule[0]!.length]),
  });
  return { state: nextState(state, result), metrics: result['metrics']! };
}

/** The same steps one by one, gradient and update apart. */
async function runSteps(
  task: TrainingObjective,
  start: NamedValues,
  { x, y, penalty }: Chunk,
  steps: number,
): Promise<{ state: NamedValues; metrics: number[] }> {
  let state = start;
  const gradient = await loadModel(g.writeModel(g.verify(g.gradientProgram(task).graph)));
  const update = await loadModel(g.writeModel(g.verify(g.applyProgram(task).graph)));
  const metrics: number[] = [];
  for (let step = 0; step < steps; step++) {
    const slope = await gradient.run({
      theta: state['theta']!,
      x: float32([...x.subarray(step * rows * columns)].slice(0, rows * columns), [rows, columns]),
      y: float32([...y.subarray(step * rows)].slice(0, rows), [rows, 1]),
      schedule: float32([penalty[step]!], [1]),
    });
    metrics.push(...numbers(slope['metrics']));
    const row = task.optimiser.schedule(rate, step);
    const result = await update.run({
      ...state,
      gradient: slope['gradient']!,
      schedule: float32(row, [row.length]),
    });
    state = nextState(state, result);
  }
  return { state, metrics };
}

describe.each<[string, Optimiser, number | undefined]>([
  ['sgd', g.sgd(), undefined],
  ['sgd with momentum and clipping', g.sgd({ momentum: 0.9 }), 0.5],
  ['adam', g.adam(), undefined],
  ['adamW with clipping', g.adamW({ weightDecay: 0.1 }), 0.5],
])('a chunk of training with %s', (_, optimiser, norm) => {
  const task = objective(optimiser, norm);
  const program = g.trainingProgram(task);
  const steps = 12;
  const chunk = makeChunk(steps);

  it('is the same as its steps one by one', async () => {
    const whole = await runChunk(program, optimiser, initial(optimiser), chunk, 0, steps);
    const single = await runSteps(task, initial(optimiser), chunk, steps);
    for (const name of Object.keys(whole.state)) {
      expect(numbers(whole.state[name])).toEqual(numbers(single.state[name]));
    }
    expect(numbers(whole.metrics)).toEqual(single.metrics);
  });

  it('can be cut in two: the same bits come out', async () => {
    const whole = await runChunk(program, optimiser, initial(optimiser), chunk, 0, steps);
    const first = await runChunk(program, optimiser, initial(optimiser), chunk, 0, 5);
    const second = await runChunk(program, optimiser, first.state, chunk, 5, steps);
    expect(second.state).toEqual(whole.state);
    expect([...numbers(first.metrics), ...numbers(second.metrics)]).toEqual(numbers(whole.metrics));
  });

  it('moves every parameter', async () => {
    const start = initial(optimiser);
    const { state } = await runChunk(program, optimiser, start, chunk, 0, 1);
    const before = numbers(start['theta']);
    numbers(state['theta']).forEach((value, i) => expect(value).not.toBe(before[i]));
  });
});

describe('trainingProgram', () => {
  const optimiser = g.adamW();
  const program = g.trainingProgram(objective(optimiser));

  it('names the columns of schedule and metrics', () => {
    expect(program.scheduled).toEqual(['stepSize', 'keep', 'penaltyWeight']);
    expect(program.metrics).toEqual(['loss', 'penalty', 'error']);
    expect(program.graph.inputs.map(g.inputNameOf)).toEqual([
      'theta',
      'slot0',
      'slot1',
      'x',
      'y',
      'schedule',
    ]);
    expect(program.graph.outputs.map(({ name }) => name)).toEqual([
      'next_theta',
      'next_slot0',
      'next_slot1',
      'metrics',
    ]);
    g.verify(program.graph);
  });

  it('reports the metrics of the parameters before each step, loss = error + weight · penalty', async () => {
    const chunk = makeChunk(3);
    const { metrics } = await runChunk(program, optimiser, initial(optimiser), chunk, 0, 3);
    expect(metrics.shape).toEqual([3, 3]);
    const values = numbers(metrics);
    chunk.penalty.forEach((weight, step) => {
      const [loss, penalty, error] = values.slice(3 * step);
      expect(loss).toBeCloseTo(error! + weight * penalty!, 5);
    });
    const { start, end } = g.parameterRange(layout, 'outputWeight');
    const weights = numbers(initial(optimiser)['theta']).slice(start, end);
    expect(values[1]).toBeCloseTo(
      weights.reduce((sum, w) => sum + w * w, 0),
      5,
    );
  });

  it('learns: the error falls by a factor of ten', async () => {
    const steps = 400;
    const { metrics } = await runChunk(
      program,
      optimiser,
      initial(optimiser),
      makeChunk(steps),
      0,
      steps,
    );
    const errors = numbers(metrics).filter((_, i) => i % 3 === 2);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(errors.slice(-20))).toBeLessThan(0.1 * mean(errors.slice(0, 5)));
  });

  it('comes back from its bytes', () => {
    const bytes = g.writeModel(program.graph);
    const { graph } = g.readModel(bytes);
    expect(g.printGraph(graph)).toBe(g.printGraph(program.graph));
    expect(g.writeModel(graph)).toEqual(bytes);
  });

  it('refuses a batch tensor with the name of a state', () => {
    const named = { ...objective(optimiser), batch: { theta: { shape: [1] } } };
    expect(() =>
      g.trainingProgram({
        ...named,
        build: (theta) => ({ loss: g.reduceSum(theta), metrics: {} }),
      }),
    ).toThrow(expect.objectContaining({ code: 'graph/invalid' }));
  });

  it('finds parameters by name', () => {
    expect(g.parameterRange(layout, 'hiddenBias')).toEqual({ start: 12, end: 16 });
    expect(() => g.parameterRange(layout, 'other')).toThrow(
      expect.objectContaining({ code: 'graph/invalid' }),
    );
  });
});
