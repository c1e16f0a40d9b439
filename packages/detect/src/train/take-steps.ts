import { slotNames, trainingProgram, writeModel } from '@unlikely/graph';
import type { Runtime } from '@unlikely/runtime';
import { EarlyStopping } from './early-stopping.ts';
import { foldSteps, progressOf, stateFeeds } from './fold-steps.ts';
import type { TrainingProgress } from './fold-steps.ts';
import { scheduleFeed } from './training-plan.ts';
import type { Feeds, TrainingPlan } from './training-plan.ts';
import { emptyHistory } from './training-state.ts';
import type { TrainingState } from './training-state.ts';

export interface StepsOptions {
  readonly runtime: Runtime;
  readonly threads?: number;
  /** Parameters to start from; those of the plan where absent. */
  readonly theta?: Float32Array;
  /** Goes on from here. */
  readonly state?: TrainingState;
  /** Stops after the chunk in flight. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress, state: TrainingState) => void | Promise<void>;
}

export interface TrainingOutcome {
  readonly state: TrainingState;
  /** False where it was stopped before its last step. */
  readonly isComplete: boolean;
}

/** One run of the program should last about this long: short enough to stop, long enough to be cheap. */
const runMilliseconds = 100;
/** θ and the optimiser's vectors travel with every run, some 10 ms a megabyte to a child process. */
const millisecondsPerParameter = 5e-4;
/** The first chunk: nobody knows yet how long a step takes. */
const firstChunk = 2;
const maximumChunk = 500;
/** Bytes of rows and noise in one chunk; as many as the state has where that is more. */
const chunkBytes = 24e6;

/**
 * Takes the steps of a plan from its first or from `state` to its last, or until it is stopped, all
 * members at once.
 *
 * @throws UnlikelyError `detect/not-finite`.
 */
export async function takeSteps(
  plan: TrainingPlan,
  { runtime, threads, theta, signal, onProgress, ...from }: StepsOptions,
): Promise<TrainingOutcome> {
  const { objective, schedule } = plan;
  const program = trainingProgram(objective);
  const options = threads === undefined ? {} : { threads };
  await using session = await runtime.createSession(writeModel(program.graph), options);
  const feedsOf = (first: number, count: number): Feeds | undefined =>
    count === 0
      ? undefined
      : { ...plan.feeds(first, count), schedule: scheduleFeed(plan, first, count) };
  const stopping = EarlyStopping.of(plan, program, session);
  const until = (first: number): number =>
    Math.min(schedule.steps, stopping?.nextCheck(first) ?? schedule.steps) - first;

  let state = from.state ?? {
    step: 0,
    theta: theta ?? plan.initialise(),
    slots: slotNames(objective.optimiser).map(() => new Float32Array(objective.parameterCount)),
    history: emptyHistory(),
  };
  let count = Math.min(firstChunk, until(state.step));
  let feeds = feedsOf(state.step, count);
  while (feeds !== undefined) {
    const size = count;
    const started = performance.now();
    const running = session.run({ ...stateFeeds(plan, state), ...feeds });
    // While a runtime outside of this thread computes, the next chunk is drawn.
    const first = state.step + size;
    count = Math.min(count, until(first));
    feeds = feedsOf(first, count);
    const outputs = await running;
    const elapsed = performance.now() - started;
    state = foldSteps(plan, program, state, outputs, size);
    if (stopping !== undefined) state = { ...state, stopping: await stopping.check(state) };
    await onProgress?.(progressOf(plan, program, state.step, outputs, size), state);
    if (stopping?.isOver(state) === true) break;
    if (signal?.aborted && state.step < schedule.steps) return { state, isComplete: false };
    const ideal = chunkSize(plan, size, elapsed);
    if (feeds !== undefined && (ideal > 2 * count || ideal < count / 2)) {
      count = Math.min(ideal, until(first));
      feeds = feedsOf(first, count);
    }
  }
  return { state: bestOf(state), isComplete: true };
}

/** The state with the lowest held-out loss where early stopping looked for one. */
function bestOf(state: TrainingState): TrainingState {
  const best = state.stopping?.best;
  if (best === undefined) return state;
  const { step, theta, history } = best;
  return { ...state, step, theta, history };
}

function chunkSize({ objective, stepBytes }: TrainingPlan, size: number, elapsed: number): number {
  const wanted = runMilliseconds + millisecondsPerParameter * objective.parameterCount;
  const byTime = Math.round((size * wanted) / Math.max(elapsed, 0.1));
  const bytes = Math.max(chunkBytes, 12 * objective.parameterCount);
  return Math.max(1, Math.min(byTime, maximumChunk, Math.floor(bytes / stepBytes)));
}
