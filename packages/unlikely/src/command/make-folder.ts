import { mkdir } from 'node:fs/promises';
import { commandError } from '../command-error.ts';

/** Makes a folder and those above it. Throws `command/not-writable`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw commandError(
      'command/not-writable',
      `expected to write ${path}, but ${(cause as Error).message}`,
      { help: 'Choose another folder.', details: { path }, cause },
    );
  }
}
