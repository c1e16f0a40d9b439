import { linearWarmUp, warmUpCosine } from '@unlikely/graph';
import type { TrainingObjective, UnlikelyError } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';

/** Tensors by their names; those of several steps have a leading axis for them. */
export type Feeds = Readonly<Record<string, RuntimeTensor>>;

/** What the scheduled numbers of a step follow from. */
export interface Schedule {
  readonly steps: number;
  readonly learningRate: number;
  readonly beta: number;
  readonly klWarmUp: number;
}

/**
 * A training as data: what is learnt, from what, by which schedule. Every number that it gives is a
 * function of the seed and a step, so that whoever runs it (a loop, machines in turns) comes to the same
 * parameters, whatever the size of the chunks and whether or not it was interrupted.
 */
export interface TrainingPlan {
  readonly objective: TrainingObjective;
  readonly schedule: Schedule;
  /** Networks that are trained at once. */
  readonly members: number;
  /** Rows, images, … that are learnt from. */
  readonly rows: number;
  /** Of them, those of one minibatch of one member. */
  readonly batchRows: number;
  /** Of the feeds of a step. */
  readonly stepBytes: number;
  /** The first parameters [P]. */
  readonly initialise: () => Float32Array;
  /** Data, noise and what is hidden of `count` steps from the 0-based `first` on, without the schedule. */
  readonly feeds: (first: number, count: number) => Feeds;
  /** Where a held-out loss decides when to stop: steps as `feeds` gives them, of rows that are not learnt. */
  readonly stopping?: {
    readonly patience: number;
    readonly heldOut: (batches: number) => Feeds;
  };
  /** The error of a loss that is not finite at a step. */
  readonly notFinite: (step: number) => UnlikelyError;
}

/** Steps over which the learning rate rises: recipe §1. */
const learningRateWarmUp = 50;

export function learningRateAt({ learningRate, steps }: Schedule, step: number): number {
  return warmUpCosine({
    peak: learningRate,
    warmUpSteps: learningRateWarmUp,
    totalSteps: steps,
  })(step);
}

export function klWeightAt({ beta, klWarmUp, steps }: Schedule, step: number): number {
  return beta * linearWarmUp(klWarmUp * steps)(step);
}

/**
 * The schedule [steps, S] of some steps: numbers of the optimiser, then those of the objective. `held-out`
 * has a step size of 0, which turns a step into an evaluation of the loss, and the full KL weight.
 */
export function scheduleFeed(
  { objective, schedule }: TrainingPlan,
  first: number,
  count: number,
  purpose: 'train' | 'held-out' = 'train',
): RuntimeTensor {
  const { optimiser, scheduled } = objective;
  const isTraining = purpose === 'train';
  const values: number[] = [];
  for (let step = first; step < first + count; step++) {
    values.push(...optimiser.schedule(isTraining ? learningRateAt(schedule, step) : 0, step));
    if (scheduled.length === 0) continue;
    values.push(isTraining ? klWeightAt(schedule, step) : schedule.beta);
  }
  const data = Float32Array.from(values);
  return { type: 'float32', dimensions: [count, data.length / count], data };
}
