import { mkdir } from 'node:fs/promises';
import { UnlikelyError } from '@unlikely/graph';
import type { CommandErrorCode } from './error-code.ts';

/** Makes a folder and those above it. Throws `command/not-writable`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new UnlikelyError<CommandErrorCode>(
      'command/not-writable',
      `expected to write ${path}, but ${(cause as Error).message}`,
      { help: 'Choose another folder.', details: { path }, cause },
    );
  }
}
