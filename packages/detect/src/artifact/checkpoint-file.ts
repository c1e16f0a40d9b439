import { readMetadata } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { Platform } from '../platform.ts';
import type { TrainingEvent } from '../train/training-event.ts';
import type { TrainingState } from '../train/training-state.ts';
import {
  checkpointKey,
  readCheckpoint,
  readCheckpointBytes,
  writeCheckpoint,
} from './checkpoint.ts';

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
  { writeFile }: Platform,
): Promise<CheckpointFile> {
  if (path === undefined) return { state: undefined, save: () => Promise.resolve() };
  const found = await checkpointAt(path);
  if (found === 'other' || (resume && found === 'empty')) {
    throw detectError(
      'model/checkpoint',
      `expected a checkpoint or nothing at ${path}, got another or a damaged file`,
      { help: 'Name another file for the checkpoint, or delete that one.' },
    );
  }
  const state =
    resume && found === 'checkpoint' ? await read(path, identity, parameterCount) : undefined;
  return {
    state,
    save: async (current) => {
      await writeFile(path, await writeCheckpoint(current, identity));
      onEvent?.({ kind: 'checkpoint', path, step: current.step });
    },
  };
}

/** Both of which every file of ours begins with: the version of the format, and who wrote it. */
const beginning = '\u0008\u0008\u0012\u0008unlikely';

/**
 * What stands where a checkpoint is to go: what is not a file, or not whole, counts as `other`.
 */
export async function checkpointAt(
  path: string,
): Promise<'nothing' | 'empty' | 'checkpoint' | 'other'> {
  const { open, stat } = await import('node:fs/promises');
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return 'nothing';
  if (!info.isFile()) return 'other';
  if (info.size === 0) return 'empty';
  const file = await open(path, 'r');
  try {
    const start = new Uint8Array(beginning.length);
    await file.read(start, 0, start.length, 0);
    // The whole of a file is read only where it may be one.
    if (new TextDecoder().decode(start) !== beginning) return 'other';
    const bytes = await file.readFile();
    return checkpointKey in readMetadata(bytes) ? 'checkpoint' : 'other';
  } catch {
    return 'other';
  } finally {
    await file.close();
  }
}

async function read(
  path: string,
  identity: string,
  parameterCount: number,
): Promise<TrainingState | undefined> {
  const bytes = await readCheckpointBytes(path);
  return bytes === undefined ? undefined : readCheckpoint(bytes, identity, parameterCount);
}
