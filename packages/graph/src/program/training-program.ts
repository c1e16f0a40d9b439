import { graphError } from '../graph-error.ts';
import { concat, input, multiply, reshape, scan, split } from '../build.ts';
import { differentiate } from '../differentiate.ts';
import { makeGraph } from '../graph.ts';
import type { Graph, DataType, Tensor } from '../tensor.ts';
import { globalNormScale } from '../optimiser/clip-by-global-norm.ts';
import type { Optimiser } from '../optimiser/optimiser.ts';
import { optimise } from '../pass/optimise.ts';

/** What is to be trained: a loss over one minibatch, as a function that builds its graph. */
export interface TrainingObjective {
  readonly parameterCount: number;
  /** Sizes of the parameters that θ is made of, in order: large ones are then carried by themselves. */
  readonly parameterSizes?: readonly number[];
  /** The tensors of one minibatch with their fixed shapes: data, noise. */
  readonly batch: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly type?: DataType }>
  >;
  /**
   * Turns what the caller gives into `batch`, for all steps of a chunk at once before the scan; both
   * sides have a leading axis `steps`. Where absent, the caller gives `batch` itself.
   */
  readonly prepare?: {
    readonly inputs: Readonly<
      Record<string, { readonly shape: readonly number[]; readonly type?: DataType }>
    >;
    readonly build: (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;
  };
  /** Numbers that the loss takes from the schedule (a KL weight), each a tensor of shape [1]. */
  readonly scheduled: readonly string[];
  /** The loss, and what else is to be reported of it; all scalars. */
  readonly build: (
    theta: Tensor,
    batch: Readonly<Record<string, Tensor>>,
    schedule: Readonly<Record<string, Tensor>>,
  ) => { readonly loss: Tensor; readonly metrics: Readonly<Record<string, Tensor>> };
  readonly optimiser: Optimiser;
  /** Largest Euclidean norm of the gradient; none where absent. */
  readonly maximumGradientNorm?: number;
}

/** A program with the order of the numbers that go in and out as vectors. */
export interface TrainingProgram {
  readonly graph: Graph;
  /** The columns of the `schedule` input: those of the optimiser, then those of the loss. */
  readonly scheduled: readonly string[];
  /** The columns of the `metrics` output: first `loss`. */
  readonly metrics: readonly string[];
}

const slotName = (index: number): string => `slot${index}`;

/** Names of the optimiser's state vectors in the programs. */
export function slotNames(optimiser: Optimiser): string[] {
  return Array.from({ length: optimiser.slots }, (_, index) => slotName(index));
}

function batchInputs(objective: TrainingObjective): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(objective.batch).map(([name, { shape, type }]) => [
      name,
      input(name, shape, type),
    ]),
  );
}

/** One input for each with a leading axis for the steps of a chunk. */
function stackedInputs(
  inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly type?: DataType }>>,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, type }]) => [
      name,
      input(name, ['steps', ...shape], type),
    ]),
  );
}

function checkNames(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw graphError('graph/invalid', `two ${what} of a training are named ${twice}`);
}

function scheduleOf(vector: Tensor, names: readonly string[]): Readonly<Record<string, Tensor>> {
  const parts = split(
    vector,
    names.map(() => 1),
    0,
  );
  return Object.fromEntries(names.map((name, index) => [name, parts[index]!]));
}

/** From this size on a parameter's passage through the one flat vector costs more than its own nodes. */
const largeParameter = 65_536;

/** The sizes of the vectors in which θ is carried: each large parameter, and the runs of small ones. */
function blockSizes({
  parameterCount,
  parameterSizes = [parameterCount],
}: TrainingObjective): number[] {
  const sizes: number[] = [];
  let run = 0;
  for (const size of parameterSizes) {
    if (size < largeParameter) {
      run += size;
      continue;
    }
    if (run > 0) sizes.push(run);
    sizes.push(size);
    run = 0;
  }
  return run > 0 ? [...sizes, run] : sizes;
}

function lossAndGradients(
  objective: TrainingObjective,
  blocks: readonly Tensor[],
  batch: Readonly<Record<string, Tensor>>,
  schedule: Readonly<Record<string, Tensor>>,
): { gradients: readonly Tensor[]; metrics: Tensor; names: readonly string[] } {
  const { loss, metrics } = objective.build(concat(blocks, 0), batch, schedule);
  const gradients = differentiate(loss, blocks);
  const values = [loss, ...Object.values(metrics)].map((value) => reshape(value, [1]));
  const names = ['loss', ...Object.keys(metrics)];
  checkNames(names, 'metrics');
  return { gradients, metrics: concat(values, 0), names };
}

/** The factor that clips the whole gradient, [1]; undefined without clipping. */
function clippingScale(
  { maximumGradientNorm }: TrainingObjective,
  gradients: readonly Tensor[],
): Tensor | undefined {
  return maximumGradientNorm === undefined
    ? undefined
    : globalNormScale(gradients, maximumGradientNorm);
}

function applyGradient(
  { optimiser }: TrainingObjective,
  theta: Tensor,
  gradient: Tensor,
  scale: Tensor | undefined,
  slots: readonly Tensor[],
  schedule: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const clipped = scale === undefined ? gradient : multiply(gradient, scale);
  const updated = optimiser.update({ parameters: theta, gradient: clipped, slots, schedule });
  return {
    theta: updated.parameters,
    ...Object.fromEntries(updated.slots.map((slot, index) => [slotName(index), slot])),
  };
}

/**
 * K optimisation steps as one program: a `scan` whose states are θ and the optimiser's vectors and
 * whose scan inputs are K minibatches and K rows of the schedule. One run is one chunk of steps, so
 * the cost of a call is shared by all of them.
 *
 * Inputs: `theta` and `slot0…` [P], each batch tensor [steps, …], `schedule` [steps, S].
 * Outputs: `theta`, `slot0…` as `next_…`, and `metrics` [steps, M].
 */
export function trainingProgram(objective: TrainingObjective): TrainingProgram {
  const { parameterCount, optimiser } = objective;
  const scheduled = [...optimiser.scheduled, ...objective.scheduled];
  checkNames(scheduled, 'scheduled numbers');
  const stateNames = ['theta', ...slotNames(optimiser)];

  const sizes = blockSizes(objective);
  const blocks = stateNames.map((name) =>
    sizes.map((size, block) => input(`${name}_${block}`, [size])),
  );
  const batch = batchInputs(objective);
  const row = input('schedule', [scheduled.length]);
  const schedule = scheduleOf(row, scheduled);
  const { gradients, metrics, names } = lossAndGradients(objective, blocks[0]!, batch, schedule);
  const scale = clippingScale(objective, gradients);
  const next = gradients.map((gradient, block) => {
    const [theta, ...slots] = blocks.map((vector) => vector[block]!) as [Tensor, ...Tensor[]];
    return applyGradient(objective, theta, gradient, scale, slots, schedule);
  });
  const nextBlocks = stateNames.flatMap((name) =>
    next.map((updated, block) => [`next_${name}_${block}`, updated[name]!] as const),
  );
  const body = optimise(
    makeGraph('step', [...blocks.flat(), ...Object.values(batch), row], {
      ...Object.fromEntries(nextBlocks),
      metrics,
    }),
  );

  const outerStates = stateNames.map((name) => input(name, [parameterCount]));
  const outerRow = input('schedule', ['steps', scheduled.length]);
  const given = stackedInputs(objective.prepare?.inputs ?? objective.batch);
  const prepared = objective.prepare?.build(given) ?? given;
  const scanned = [...Object.keys(batch).map((name) => prepared[name]!), outerRow];
  const results = scan(
    body,
    outerStates.flatMap((vector) => split(vector, sizes, 0)),
    scanned,
  );
  const joined = stateNames.map((name, index) => {
    const first = index * sizes.length;
    return [`next_${name}`, concat(results.slice(first, first + sizes.length), 0)] as const;
  });
  return {
    graph: makeGraph('training', [...outerStates, ...Object.values(given), outerRow], {
      ...Object.fromEntries(joined),
      metrics: results.at(-1)!,
    }),
    scheduled,
    metrics: names,
  };
}

/**
 * The first half of a step: `theta` [P], one minibatch, `schedule` [S] → `gradient` [P] (unclipped,
 * so that gradients of several machines can be averaged first) and `metrics` [M].
 */
export function gradientProgram(objective: TrainingObjective): TrainingProgram {
  const scheduled = objective.scheduled;
  const theta = input('theta', [objective.parameterCount]);
  const batch = batchInputs(objective);
  const row = scheduled.length === 0 ? undefined : input('schedule', [scheduled.length]);
  const schedule = row === undefined ? {} : scheduleOf(row, scheduled);
  const { gradients, metrics, names } = lossAndGradients(objective, [theta], batch, schedule);
  const inputs = [theta, ...Object.values(batch), ...(row === undefined ? [] : [row])];
  return {
    graph: optimise(makeGraph('gradient', inputs, { gradient: gradients[0]!, metrics })),
    scheduled,
    metrics: names,
  };
}

/** The second half: `theta`, `slot0…`, `gradient` [P] and `schedule` [S] → `next_theta`, `next_slot0…`. */
export function applyProgram(objective: TrainingObjective): TrainingProgram {
  const { parameterCount, optimiser } = objective;
  const stateNames = ['theta', ...slotNames(optimiser)];
  const [theta, ...slots] = stateNames.map((name) => input(name, [parameterCount])) as [
    Tensor,
    ...Tensor[],
  ];
  const gradient = input('gradient', [parameterCount]);
  const row = input('schedule', [optimiser.scheduled.length]);
  const schedule = scheduleOf(row, optimiser.scheduled);
  const scale = clippingScale(objective, [gradient]);
  const next = applyGradient(objective, theta, gradient, scale, slots, schedule);
  const outputs = Object.fromEntries(stateNames.map((name) => [`next_${name}`, next[name]!]));
  return {
    graph: optimise(makeGraph('apply', [theta, ...slots, gradient, row], outputs)),
    scheduled: optimiser.scheduled,
    metrics: [],
  };
}
