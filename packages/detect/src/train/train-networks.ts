import { slotNames, trainingProgram, writeModel } from '@unlikely/graph';
import type { TrainingProgram, UnlikelyError } from '@unlikely/graph';
import type { Runtime, RuntimeTensor, Session } from '@unlikely/runtime';
import { detectError } from '../detect-error.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { ModelCore } from '../model-core.ts';
import { initialise } from '../network/initialise.ts';
import { trainingObjective } from '../objective/training-objective.ts';
import { batchRowsOf, chunkInputs, learningRateAt } from './chunk.ts';
import { EarlyStopping } from './early-stopping.ts';
import { farthestField } from './farthest-field.ts';
import { emptyHistory, recordStep } from './training-state.ts';
import type { TrainingState } from './training-state.ts';

export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Passes over the training rows so far. */
  readonly epoch: number;
  /** Means over the chunk, a row and member. */
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  readonly learningRate: number;
}

export interface TrainingInput {
  readonly core: ModelCore;
  readonly rows: EncodedRows;
  /** Rows that decide when to stop, where `earlyStopping` is on. */
  readonly heldOut?: EncodedRows;
  readonly runtime: Runtime;
  readonly threads?: number;
  /** Weights to start from; new ones where absent. */
  readonly theta?: Float32Array;
  /** Goes on from here. */
  readonly state?: TrainingState;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress, state: TrainingState) => void | Promise<void>;
}

/** One run of the program should last about this long: short enough to stop, long enough to be cheap. */
const runMilliseconds = 100;
/** θ and the optimiser's vectors travel with every run, some 10 ms a megabyte to a child process. */
const millisecondsPerParameter = 5e-4;
const maximumChunk = 500;
/** Bytes of rows and noise in one chunk; as many as the state has where that is more. */
const chunkBytes = 24e6;

/**
 * Trains all members at once and gives the state after the last step.
 *
 * @throws UnlikelyError `detect/aborted` with the state in `details.state` once `signal` is aborted
 *   (the chunk in flight is finished first); `detect/not-finite` naming the column that is farthest out.
 */
export async function trainNetworks(input: TrainingInput): Promise<TrainingState> {
  const { core, rows, runtime } = input;
  const objective = trainingObjective(core, {
    batchRows: batchRowsOf(core, rows.rows),
    missing: hasMissing(rows) || (input.heldOut !== undefined && hasMissing(input.heldOut)),
  });
  const program = trainingProgram(objective);
  const options = input.threads === undefined ? {} : { threads: input.threads };
  await using session = await runtime.createSession(writeModel(program.graph), options);

  const { steps, earlyStopping } = core.configuration;
  const names = slotNames(objective.optimiser);
  const batchRows = batchRowsOf(core, rows.rows);
  const inputsAt = (first: number, count: number) =>
    chunkInputs(core, rows, objective.optimiser, { first, count, batchRows });
  const stopping =
    earlyStopping === undefined || input.heldOut === undefined
      ? undefined
      : new EarlyStopping(core, input.heldOut, objective.optimiser, {
          ...earlyStopping,
          batchRows,
        });
  const until = (first: number): number =>
    Math.min(steps, stopping?.nextCheck(first) ?? steps) - first;

  let state = input.state ?? {
    step: 0,
    theta: input.theta ?? initialise(core.shape, core.configuration.seed),
    slots: names.map(() => new Float32Array(core.parameterCount)),
    history: emptyHistory(),
  };
  let count = Math.min(10, until(state.step));
  let prepared = count > 0 ? inputsAt(state.step, count) : undefined;
  while (prepared !== undefined) {
    const size = count;
    const started = performance.now();
    const running = session.run({ ...stateTensors(state, names), ...prepared });
    // While a runtime outside of this thread computes, the next chunk is drawn.
    const first = state.step + size;
    let next = Math.min(count, until(first));
    prepared = next > 0 ? inputsAt(first, next) : undefined;
    const outputs = await running;
    const elapsed = performance.now() - started;
    state = nextState(core, program, state, outputs, names, size, rows);
    if (stopping !== undefined) {
      const reached = state;
      const record = await stopping.check(reached, (feeds) =>
        evaluate(session, program, reached, names, feeds),
      );
      state = { ...reached, stopping: record };
    }
    await input.onProgress?.(progressOf(core, program, state, outputs, size, rows.rows), state);
    if (state.stopping !== undefined && stopping?.isOver(state.stopping) === true) break;
    if (input.signal?.aborted) throw aborted(state, steps);
    const ideal = chunkSize(core, rows.rows, size, elapsed);
    if (prepared !== undefined && (ideal > 2 * next || ideal < next / 2)) {
      next = Math.min(ideal, until(state.step));
      prepared = inputsAt(state.step, next);
    }
    count = next;
  }
  return bestOf(state);
}

/** The state with the lowest held-out loss where early stopping looked for one. */
function bestOf(state: TrainingState): TrainingState {
  const best = state.stopping?.best;
  if (best === undefined) return state;
  const { step, theta, history } = best;
  return { ...state, step, theta, history };
}

function chunkSize(core: ModelCore, rows: number, size: number, elapsed: number): number {
  const { members, latentSize } = core.shape;
  const stepBytes = members * batchRowsOf(core, rows) * (core.fields.length * 8 + latentSize * 4);
  const wanted = runMilliseconds + millisecondsPerParameter * core.parameterCount;
  const byTime = Math.round((size * wanted) / Math.max(elapsed, 0.1));
  const bytes = Math.max(chunkBytes, 12 * core.parameterCount);
  return Math.max(1, Math.min(byTime, maximumChunk, Math.floor(bytes / stepBytes)));
}

/** Copies: a runtime may take its feeds for itself, and the state goes into checkpoints. */
function stateTensors(
  state: TrainingState,
  names: readonly string[],
): Record<string, RuntimeTensor> {
  const vector = (data: Float32Array): RuntimeTensor => ({
    type: 'float32',
    dimensions: [data.length],
    data: data.slice(),
  });
  return Object.fromEntries([
    ['theta', vector(state.theta)],
    ...names.map((name, index) => [name, vector(state.slots[index]!)] as const),
  ]);
}

type Outputs = Readonly<Record<string, RuntimeTensor>>;

function metricsOf(
  program: TrainingProgram,
  outputs: Outputs,
): (name: string, step: number) => number {
  const values = outputs['metrics']!.data as Float32Array;
  const width = program.metrics.length;
  return (name, step) => {
    const column = program.metrics.indexOf(name);
    return column === -1 ? 0 : values[step * width + column]!;
  };
}

function nextState(
  core: ModelCore,
  program: TrainingProgram,
  state: TrainingState,
  outputs: Outputs,
  names: readonly string[],
  size: number,
  rows: EncodedRows,
): TrainingState {
  const metric = metricsOf(program, outputs);
  const history = structuredClone(state.history);
  const { steps } = core.configuration;
  for (let index = 0; index < size; index++) {
    const loss = metric('loss', index) / core.shape.members;
    if (!Number.isFinite(loss)) throw notFinite(core, rows, state.step + index);
    recordStep(
      history,
      {
        step: state.step + index + 1,
        loss,
        reconstruction: metric('reconstruction', index),
        kl: metric('kl', index),
        learningRate: learningRateAt(core, state.step + index),
      },
      steps,
    );
  }
  return {
    ...state,
    step: state.step + size,
    theta: outputs['next_theta']!.data as Float32Array,
    slots: names.map((name) => outputs[`next_${name}`]!.data as Float32Array),
    history,
  };
}

function progressOf(
  core: ModelCore,
  program: TrainingProgram,
  state: TrainingState,
  outputs: Outputs,
  size: number,
  rows: number,
): TrainingProgress {
  const metric = metricsOf(program, outputs);
  const mean = (name: string): number => {
    let sum = 0;
    for (let index = 0; index < size; index++) sum += metric(name, index);
    return sum / size;
  };
  return {
    step: state.step,
    steps: core.configuration.steps,
    epoch: (state.step * batchRowsOf(core, rows)) / rows,
    loss: mean('loss') / core.shape.members,
    reconstruction: mean('reconstruction'),
    kl: mean('kl'),
    learningRate: learningRateAt(core, state.step - 1),
  };
}

/** The loss of θ as it stands on other rows, a row and member. */
async function evaluate(
  session: Session,
  program: TrainingProgram,
  state: TrainingState,
  names: readonly string[],
  feeds: Record<string, RuntimeTensor>,
): Promise<number> {
  const copies = Object.entries(feeds).map(([name, tensor]) => [
    name,
    { ...tensor, data: tensor.data.slice() },
  ]);
  const outputs = await session.run({
    ...stateTensors(state, names),
    ...(Object.fromEntries(copies) as Record<string, RuntimeTensor>),
  });
  const values = outputs['metrics']!.data as Float32Array;
  const width = program.metrics.length;
  let sum = 0;
  for (let index = 0; index < values.length; index += width) sum += values[index]!;
  return sum / (values.length / width);
}

function hasMissing({ data }: EncodedRows): boolean {
  return data.some(Number.isNaN);
}

function aborted(state: TrainingState, steps: number): UnlikelyError {
  return detectError(
    'detect/aborted',
    `training was stopped after ${state.step} of ${steps} steps`,
    { help: 'Train again with the same options and `--resume` to go on.', details: { state } },
  );
}

function notFinite(core: ModelCore, rows: EncodedRows, step: number): UnlikelyError {
  const column = farthestField(core, rows);
  return detectError(
    'detect/not-finite',
    `expected a finite loss, got none at step ${step}; the values farthest out are in column ${column}`,
    {
      help: `Look at ${column}, ignore it, or lower the learning rate.`,
      details: { column, step },
    },
  );
}
