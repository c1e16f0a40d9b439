import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const liveDirectories = new Set<string>();
let exitHookInstalled = false;

/** Makes a directory for temporary files, which goes when it is removed or the process exits. */
export function createTemporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'unlikely-'));
  liveDirectories.add(directory);
  if (!exitHookInstalled) {
    exitHookInstalled = true;
    process.once('exit', () => {
      for (const live of liveDirectories) rmSync(live, { recursive: true, force: true });
    });
  }
  return directory;
}

export async function removeTemporaryDirectory(directory: string): Promise<void> {
  liveDirectories.delete(directory);
  await rm(directory, { recursive: true, force: true });
}
