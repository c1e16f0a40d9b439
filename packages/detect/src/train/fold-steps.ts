import { slotNames } from '@unlikely/graph';
import type { TrainingProgram } from '@unlikely/graph';
import type { RuntimeTensor } from '@unlikely/runtime';
import { learningRateAt } from './training-plan.ts';
import type { Feeds, TrainingPlan } from './training-plan.ts';
import { recordStep } from './training-state.ts';
import type { TrainingState } from './training-state.ts';

export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Passes over the training rows so far. */
  readonly epoch: number;
  /** Means over the steps since the last report, a row and member. */
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  readonly learningRate: number;
}

/** θ and the optimiser's vectors as inputs. Copies: a runtime may take its feeds for itself. */
export function stateFeeds({ objective }: TrainingPlan, state: TrainingState): Feeds {
  const vector = (data: Float32Array): RuntimeTensor => ({
    type: 'float32',
    dimensions: [data.length],
    data: data.slice(),
  });
  return Object.fromEntries([
    ['theta', vector(state.theta)],
    ...slotNames(objective.optimiser).map((name, at) => [name, vector(state.slots[at]!)] as const),
  ]);
}

/** What a program reports of each of its steps; 0 for what it does not. */
export function metricsOf(
  { metrics }: TrainingProgram,
  outputs: Feeds,
): (name: string, step: number) => number {
  const values = outputs['metrics']!.data as Float32Array;
  return (name, step) => {
    const column = metrics.indexOf(name);
    return column === -1 ? 0 : values[step * metrics.length + column]!;
  };
}

/**
 * The state after `count` steps that a program has taken from `state`.
 *
 * @throws UnlikelyError `detect/not-finite` for a loss that is not finite.
 */
export function foldSteps(
  plan: TrainingPlan,
  program: TrainingProgram,
  state: TrainingState,
  outputs: Feeds,
  count: number,
): TrainingState {
  const metric = metricsOf(program, outputs);
  const history = structuredClone(state.history);
  for (let index = 0; index < count; index++) {
    const loss = metric('loss', index) / plan.members;
    if (!Number.isFinite(loss)) throw plan.notFinite(state.step + index);
    const entry = {
      step: state.step + index + 1,
      loss,
      reconstruction: metric('reconstruction', index),
      kl: metric('kl', index),
      learningRate: learningRateAt(plan.schedule, state.step + index),
    };
    recordStep(history, entry, plan.schedule.steps);
  }
  return {
    ...state,
    step: state.step + count,
    theta: outputs['next_theta']!.data as Float32Array,
    slots: slotNames(plan.objective.optimiser).map(
      (name) => outputs[`next_${name}`]!.data as Float32Array,
    ),
    history,
  };
}

/** What to say after the last `count` steps, which led to `step`. */
export function progressOf(
  { schedule, rows, batchRows, members }: TrainingPlan,
  program: TrainingProgram,
  step: number,
  outputs: Feeds,
  count: number,
): TrainingProgress {
  const metric = metricsOf(program, outputs);
  const mean = (name: string): number => {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += metric(name, index);
    return sum / count;
  };
  return {
    step,
    steps: schedule.steps,
    epoch: (step * batchRows) / rows,
    loss: mean('loss') / members,
    reconstruction: mean('reconstruction'),
    kl: mean('kl'),
    learningRate: learningRateAt(schedule, step - 1),
  };
}
