import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnlikelyError } from '@unlikely/graph';
import type { CommandErrorCode } from './error-code.ts';

/**
 * Finds out before the work whether its result can be written. Throws `command/not-writable` where
 * the folder is missing or read-only, or a folder stands in the file's place.
 */
export async function checkOutput(path: string): Promise<void> {
  if (path === '-') return;
  const folder = dirname(path);
  const [folderState, state] = await Promise.all([stateOf(folder), stateOf(path)]);
  if (folderState?.isDirectory() !== true) {
    throw notWritable(
      path,
      `the folder ${folder} does not exist`,
      'Make it first, or choose another.',
    );
  }
  if (state?.isDirectory() === true) {
    throw notWritable(path, 'that is a folder', 'Name a file in it.');
  }
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw notWritable(path, `the folder ${folder} is read-only`, 'Choose another.', cause);
  }
}

/** Makes a folder and those above it. Throws `command/not-writable`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw notWritable(path, (cause as Error).message, 'Choose another folder.', cause);
  }
}

async function stateOf(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

function notWritable(path: string, came: string, help: string, cause?: unknown): UnlikelyError {
  return new UnlikelyError<CommandErrorCode>(
    'command/not-writable',
    `expected to write ${path}, but ${came}`,
    { help, details: { path }, cause },
  );
}
