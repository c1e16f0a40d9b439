import type { Tensor } from '../tensor.ts';

/**
 * A rule that turns a gradient into new parameters, as a pure pair: `schedule` gives the numbers of
 * a step on the host, `update` the graph that applies them. Everything is one flat vector [P].
 */
export interface Optimiser {
  readonly name: string;
  /** How many vectors [P] of state are carried from step to step, all zero at first. */
  readonly slots: number;
  /** The names of what `schedule` gives. */
  readonly scheduled: readonly string[];
  /** The scheduled numbers of the 0-based `step`. */
  schedule(learningRate: number, step: number): readonly number[];
  update(input: OptimiserInput): OptimiserOutput;
}

export interface OptimiserInput {
  /** Shape [P]. */
  readonly parameters: Tensor;
  /** Shape [P]. */
  readonly gradient: Tensor;
  /** Each of shape [P]. */
  readonly slots: readonly Tensor[];
  /** Scalars of shape [1], named as in `scheduled`. */
  readonly schedule: Readonly<Record<string, Tensor>>;
}

export interface OptimiserOutput {
  readonly parameters: Tensor;
  readonly slots: readonly Tensor[];
}
