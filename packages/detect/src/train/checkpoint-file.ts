import type { Files } from '@unlikely/data/source';
import { readMetadata } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { filesOf } from '../platform.ts';
import type { Platform } from '../platform.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingState } from './training-state.ts';
import { checkpointKey, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

export interface CheckpointOptions {
  readonly checkpoint?: string;
  readonly resume?: boolean;
  readonly onEvent?: (event: TrainingEvent) => void;
}

/** Where an unfinished training is kept. */
export interface CheckpointFile {
  /** What to go on from, where that is asked for and there. */
  readonly state: TrainingState | undefined;
  /** Keeps a state in the place of the last; does nothing without a file. */
  readonly save: (state: TrainingState) => Promise<void>;
}

/**
 * @param identity What the training is of, see `writeCheckpoint`.
 * @throws UnlikelyError `model/checkpoint` where another file stands there, which would be lost, or, to
 *   go on from, the checkpoint of another training.
 */
export async function openCheckpoint(
  { checkpoint: path, resume = false, onEvent }: CheckpointOptions,
  identity: string,
  parameterCount: number,
  platform: Platform,
): Promise<CheckpointFile> {
  if (path === undefined) return { state: undefined, save: () => Promise.resolve() };
  const files = filesOf(platform, path);
  const { kind, bytes } = await foundAt(path, files);
  if (kind === 'other' || (resume && kind === 'empty')) {
    throw detectError(
      'model/checkpoint',
      `expected a checkpoint or nothing at ${path}, got another or a damaged file`,
      { help: 'Name another file for the checkpoint, or delete that one.' },
    );
  }
  return {
    state:
      resume && bytes !== undefined
        ? await readCheckpoint(bytes, identity, parameterCount)
        : undefined,
    save: async (current) => {
      await files.write(path, await writeCheckpoint(current, identity));
      onEvent?.({ kind: 'checkpoint', path, step: current.step });
    },
  };
}

/** What stands where a checkpoint is to go. */
export type FoundCheckpoint = 'nothing' | 'empty' | 'checkpoint' | 'other';

/** What stands at a path: what is no file, cannot be read or is not whole counts as `other`. */
export async function checkpointAt(path: string, files: Files): Promise<FoundCheckpoint> {
  return (await foundAt(path, files)).kind;
}

/** Removes the checkpoint of a training whose model has been kept, and nothing else. */
export async function removeCheckpoint(path: string, files: Files): Promise<void> {
  if ((await checkpointAt(path, files)) === 'checkpoint') await files.remove(path);
}

/** Both of which every file of ours begins with: the version of the format, and who wrote it. */
const beginning = '\u0008\u0008\u0012\u0008unlikely';

async function foundAt(
  path: string,
  files: Files,
): Promise<{ readonly kind: FoundCheckpoint; readonly bytes?: Uint8Array }> {
  if (!(await files.exists(path))) return { kind: 'nothing' };
  try {
    await using file = await files.open(path);
    if (file.size === 0) return { kind: 'empty' };
    // The whole of a file is read only where it may be one.
    const start = await file.read(0, beginning.length);
    if (new TextDecoder().decode(start) !== beginning) return { kind: 'other' };
    const bytes = await file.read(0, file.size);
    return checkpointKey in readMetadata(bytes) ? { kind: 'checkpoint', bytes } : { kind: 'other' };
  } catch {
    return { kind: 'other' };
  }
}
