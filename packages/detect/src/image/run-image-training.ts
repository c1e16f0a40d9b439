import { UnlikelyError } from '@unlikely/graph';
import { openCheckpoint } from '../artifact/checkpoint-file.ts';
import type { TrainingState } from '../train/training-state.ts';
import type { FitImagesInput } from './fit-image-model.ts';
import type { ImageCore } from './image-core.ts';
import { trainImageNetworks } from './train-image-networks.ts';

/** Seconds between checkpoints. */
const checkpointSeconds = 10;

/**
 * Trains with checkpoints every ten seconds and when it is stopped, and goes on from one where asked to.
 *
 * @throws UnlikelyError as `trainImageNetworks`, and `model/checkpoint`.
 */
export async function runImageTraining(
  input: FitImagesInput,
  core: ImageCore,
  rows: Int32Array,
  fingerprint: string,
): Promise<TrainingState> {
  const { onEvent, signal, threads } = input;
  const identity = JSON.stringify([fingerprint, core.configuration, input.settings]);
  const { state, save } = await openCheckpoint(
    input,
    identity,
    core.parameterCount,
    input.platform,
  );
  const started = performance.now();
  let saved = started;
  await using runtime = await input.platform.trainingRuntime();
  try {
    return await trainImageNetworks({
      core,
      pixels: input.store,
      rows,
      runtime,
      ...(threads === undefined ? {} : { threads }),
      ...(state === undefined ? {} : { state }),
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
  } catch (error) {
    if (error instanceof UnlikelyError && error.code === 'detect/aborted') {
      await save(error.details['state'] as TrainingState);
    }
    throw error;
  }
}
