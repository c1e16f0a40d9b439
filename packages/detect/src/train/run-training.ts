import { abortedError } from '../abort.ts';
import { openCheckpoint } from './checkpoint-file.ts';
import { sha256 } from '../bytes/checksum.ts';
import type { Platform } from '../platform.ts';
import { takeSteps } from './take-steps.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingPlan } from './training-plan.ts';
import type { TrainingState } from './training-state.ts';

export interface RunOptions {
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Where an unfinished training is kept. */
  readonly checkpoint?: string;
  /** Goes on from the checkpoint where there is one. */
  readonly resume?: boolean;
}

export interface RunInput {
  readonly plan: TrainingPlan;
  /** What the training is of, beside θ: a checkpoint of another one is not gone on from. */
  readonly identity: readonly unknown[];
  /** Parameters to start from; those of the plan where absent. */
  readonly theta?: Float32Array;
  readonly options: RunOptions;
  readonly platform: Platform;
}

/** Seconds between checkpoints. */
const checkpointSeconds = 10;

/**
 * Trains with checkpoints every ten seconds and when it is stopped, and goes on from one where asked to.
 *
 * @throws UnlikelyError `detect/aborted` once the signal is aborted, unless that was in the last chunk;
 *   `detect/not-finite`, `model/checkpoint`.
 */
export async function runTraining(input: RunInput): Promise<TrainingState> {
  const { plan, theta, options, platform } = input;
  const { onEvent, signal, threads } = options;
  const start = theta === undefined ? 'new' : await sha256(new Uint8Array(theta.slice().buffer));
  const identity = JSON.stringify([...input.identity, start]);
  const { parameterCount } = plan.objective;
  const { state, save } = await openCheckpoint(options, identity, parameterCount, platform);
  const started = performance.now();
  let saved = started;
  await using runtime = await platform.trainingRuntime();
  const outcome = await takeSteps(plan, {
    runtime,
    ...(threads === undefined ? {} : { threads }),
    ...(state === undefined ? {} : { state }),
    ...(theta === undefined ? {} : { theta }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: async (progress, current) => {
      const now = performance.now();
      onEvent?.({ kind: 'progress', ...progress, seconds: (now - started) / 1000 });
      if (now - saved > 1000 * checkpointSeconds && progress.step < progress.steps) {
        saved = now;
        await save(current);
      }
    },
  });
  if (outcome.isComplete) return outcome.state;
  await save(outcome.state);
  throw abortedError(
    signal!,
    `training was stopped after ${outcome.state.step} of ${plan.schedule.steps} steps`,
    'Train again with the same options and `--resume` to go on.',
  );
}
