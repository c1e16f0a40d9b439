import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataError } from '../data-error.ts';
import { letGo, markedNames, processMark, removeAtExit, removeLeftovers } from './leftovers.ts';

const names = markedNames('unlikely-', '-[A-Za-z0-9]{6}');
let isFirst = true;

/**
 * Makes a directory for temporary files, which goes when it is removed or the process exits. The first
 * one removes those of runs that were killed. Throws `data/not-writable`.
 */
export function createTemporaryDirectory(): string {
  const parent = tmpdir();
  if (isFirst) removeLeftovers(parent, names, 'folder');
  isFirst = false;
  let directory: string;
  try {
    directory = mkdtempSync(join(parent, `unlikely-${processMark}-`));
  } catch (cause) {
    throw dataError(
      'data/not-writable',
      `expected a folder for temporary files, but ${parent} cannot be written to`,
      { help: 'Set TMPDIR (TEMP on Windows) to a folder that can.', cause },
    );
  }
  removeAtExit(directory);
  return directory;
}

export async function removeTemporaryDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  letGo(directory);
}
