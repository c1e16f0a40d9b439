import {
  fillIntegers,
  fillNormal,
  linearWarmUp,
  RandomStream,
  warmUpCosine,
} from '@unlikely/graph';
import type { Optimiser } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import type { EncodedRows } from '../column/feature.ts';
import type { ModelCore } from '../model-core.ts';
import { foldOf } from './folds.ts';

/** Steps over which the learning rate rises: recipe §1. */
const learningRateWarmUp = 50;

/** What the scheduled numbers of a step are made of. */
export function learningRateAt(core: ModelCore, step: number): number {
  const { learningRate, steps } = core.configuration;
  return warmUpCosine({
    peak: learningRate,
    warmUpSteps: learningRateWarmUp,
    totalSteps: steps,
  })(step);
}

export function klWeightAt(core: ModelCore, step: number): number {
  const { beta, klWarmUp, steps } = core.configuration;
  return beta * linearWarmUp(klWarmUp * steps)(step);
}

/** Rows of one minibatch of one member. */
export function batchRowsOf(core: ModelCore, rows: number): number {
  return Math.min(core.configuration.batchSize, rows);
}

export interface ChunkOptions {
  /** The 0-based first step. */
  readonly first: number;
  readonly count: number;
  /** Rows of one minibatch of one member. */
  readonly batchRows: number;
  /** `held-out` evaluates the loss and changes nothing. */
  readonly purpose?: 'train' | 'held-out';
}

/**
 * The inputs of `count` steps from `first` on: every member draws its own rows with replacement, none
 * of its fold, and its own noise. Each number depends only on the seed and its step, so that neither the size of the
 * chunks nor an interruption changes a bit.
 */
export function chunkInputs(
  core: ModelCore,
  rows: EncodedRows,
  optimiser: Optimiser,
  { first, count, batchRows, purpose = 'train' }: ChunkOptions,
): Record<string, RuntimeTensor> {
  const { shape, fields, configuration } = core;
  const { members, latentSize } = shape;
  const stepRows = members * batchRows;
  const lead = members === 1 ? [count, batchRows] : [count, members, batchRows];

  const drawn = new Int32Array(count * stepRows);
  const draws = new RandomStream(configuration.seed, purpose, 'rows');
  if (purpose === 'train') {
    const folds = Array.from({ length: members }, (_, member) =>
      foldOf(configuration, rows.rows, member),
    );
    const size = folds[0]!.end - folds[0]!.start;
    fillIntegers(drawn, rows.rows - size, draws, first * stepRows);
    for (let index = 0; index < drawn.length; index++) {
      const member = Math.floor(index / batchRows) % members;
      if (drawn[index]! >= folds[member]!.start) drawn[index]! += size;
    }
  } else {
    fillIntegers(drawn, rows.rows, draws, first * stepRows);
  }
  const width = fields.length;
  const data = new Float64Array(drawn.length * width);
  for (let index = 0; index < drawn.length; index++) {
    const start = drawn[index]! * width;
    const target = index * width;
    for (let field = 0; field < width; field++) data[target + field] = rows.data[start + field]!;
  }

  const inputs: Record<string, RuntimeTensor> = {
    rows: { type: 'float64', dimensions: [...lead, width], data },
  };
  if (shape.variational) {
    const noise = new Float32Array(count * stepRows * latentSize);
    const stream = new RandomStream(configuration.seed, purpose, 'noise');
    fillNormal(noise, stream, first * stepRows * latentSize);
    inputs['noise'] = { type: 'float32', dimensions: [...lead, latentSize], data: noise };
  }
  inputs['schedule'] = scheduleRows(core, optimiser, first, count, purpose);
  return inputs;
}

/** A step size of 0 turns a training step into an evaluation of the loss at the full KL weight. */
function scheduleRows(
  core: ModelCore,
  optimiser: Optimiser,
  first: number,
  count: number,
  purpose: 'train' | 'held-out',
): RuntimeTensor {
  const values: number[] = [];
  for (let step = first; step < first + count; step++) {
    const training = purpose === 'train';
    values.push(...optimiser.schedule(training ? learningRateAt(core, step) : 0, step));
    if (core.shape.variational) {
      values.push(training ? klWeightAt(core, step) : core.configuration.beta);
    }
  }
  const data = Float32Array.from(values);
  return { type: 'float32', dimensions: [count, data.length / count], data };
}
