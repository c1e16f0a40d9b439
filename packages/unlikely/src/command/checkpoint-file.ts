import { nodeFiles } from '@unlikely/data/node-files';
import { checkpointAt } from '@unlikely/detect';
import { commandError } from '../command-error.ts';
import type { Terminal } from './run/terminal.ts';
import { warn } from './tell/warn.ts';

/**
 * Finds out before the work whether unfinished training can be kept in a file without loss of another.
 * A checkpoint of ours is started over where nobody asks to go on from it, with a warning.
 *
 * @throws UnlikelyError `usage/invalid` where another file stands there, `model/checkpoint` where
 *   training is to go on from it.
 */
export async function checkCheckpoint(
  path: string,
  isResumed: boolean,
  terminal: Terminal,
): Promise<void> {
  const found = await checkpointAt(path, nodeFiles);
  if (found === 'other' || (found === 'empty' && isResumed)) {
    throw commandError(
      isResumed ? 'model/checkpoint' : 'usage/invalid',
      `expected a checkpoint or nothing at ${path}, got another or a damaged file`,
      {
        help: 'Name a file for it, such as --checkpoint unfinished.checkpoint, or delete that one.',
      },
    );
  }
  if (found === 'checkpoint' && !isResumed) {
    warn(terminal)(
      `${path} holds an interrupted training, and this one starts anew and takes its place`,
      'With --resume it goes on; to keep both, name another file with --checkpoint.',
    );
  }
}
