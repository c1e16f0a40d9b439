import { UnlikelyError } from '@unlikely/graph';

/** Writes beside the path and renames, so that a reader sees the old file or the whole new one. */
export async function writeFileWhole(path: string, bytes: Uint8Array): Promise<void> {
  const { rename, rm, writeFile } = await import('node:fs/promises');
  const beside = `${path}.${process.pid}.partial`;
  try {
    await writeFile(beside, bytes, { flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** @throws UnlikelyError `model/unreadable` where there is no such file, or it may not be read. */
export async function readFileWhole(path: string): Promise<Uint8Array> {
  const { readFile } = await import('node:fs/promises');
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UnlikelyError('model/unreadable', `expected a model file at ${path}, got ${reason}`, {
      help: 'Check the path and the permissions.',
      cause,
    });
  }
}
