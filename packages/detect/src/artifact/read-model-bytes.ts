import { readEnvelopeOf, UnlikelyError } from '@unlikely/graph';
import type { ModelEnvelope } from '@unlikely/graph';
import type { FileHandle } from 'node:fs/promises';
import { detectError } from '../detect-error.ts';
import { corrupt } from './sealed-file.ts';

/** Files of a protocol buffer are no larger. */
const mostBytes = 2 ** 31 - 1;

/**
 * The bytes of a model file or a checkpoint. What is no such file is refused by its first bytes,
 * however large it is.
 *
 * @throws UnlikelyError `model/unreadable` where there is no such file, it may not be read or is no
 *   regular one; `model/corrupt` where it cannot be a model.
 */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  try {
    await envelopeOf(file);
  } catch (cause) {
    if (cause instanceof UnlikelyError && cause.code === 'onnx/corrupt') {
      throw corrupt(cause.message, cause);
    }
    throw unreadable(path, reasonOf(cause), cause);
  }
  try {
    return await file.handle.readFile();
  } catch (cause) {
    throw unreadable(path, reasonOf(cause), cause);
  }
}

/** The keys of the metadata of a model file, of which nothing more is read; none where there is no such file. */
export async function metadataKeysOf(path: string): Promise<readonly string[]> {
  try {
    await using file = await open(path);
    return [...(await envelopeOf(file)).metadata.keys()];
  } catch {
    return [];
  }
}

interface OpenFile extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

async function open(path: string): Promise<OpenFile> {
  const fs = await import('node:fs');
  try {
    // To open a device may already do something, and a pipe without a writer waits for one.
    requireRegular(path, await fs.promises.stat(path));
    // oxlint-disable-next-line typescript/no-useless-default-assignment -- Windows has none
    const { O_RDONLY, O_NONBLOCK = 0 } = fs.constants;
    const handle = await fs.promises.open(path, O_RDONLY | O_NONBLOCK);
    const close = (): Promise<void> => handle.close();
    try {
      const found = await handle.stat();
      requireRegular(path, found);
      return { handle, size: found.size, [Symbol.asyncDispose]: close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof UnlikelyError) throw cause;
    throw unreadable(path, reasonOf(cause), cause);
  }
}

function requireRegular(path: string, found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isFile()) return;
  const came = found.isDirectory() ? 'a folder' : 'a device, a pipe or a socket';
  throw unreadable(path, `${came}, which is not a regular file`);
}

function envelopeOf({ handle, size }: OpenFile): Promise<ModelEnvelope> {
  if (size > mostBytes) throw corrupt(`it has ${size} bytes, more than an ONNX file may have`);
  return readEnvelopeOf(size, async ({ start, end }) => {
    const { buffer, bytesRead } = await handle.read(
      new Uint8Array(end - start),
      0,
      end - start,
      start,
    );
    return buffer.subarray(0, bytesRead);
  });
}

const reasonOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown';

function unreadable(path: string, came: string, cause?: unknown): UnlikelyError {
  return detectError('model/unreadable', `expected a model file at ${path}, got ${came}`, {
    help: 'Check the path and the permissions.',
    cause,
  });
}
