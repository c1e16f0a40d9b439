import { UnlikelyError } from '@unlikely/graph';

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
