import { constants } from 'node:fs';
import { open, realpath, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Files, OpenFile } from './files.ts';

/** The files of the machine. */
export const nodeFiles: Files = {
  exists: async (path) => (await stat(path).catch(() => undefined)) !== undefined,
  open: openRegular,
  async write(path, bytes) {
    // What it takes to write is not needed to read.
    const { writeFileWhole } = await import('./whole-file.ts');
    await writeFileWhole(path, bytes);
  },
  remove: async (path) => rm(await realpath(path), { force: true }),
};

async function openRegular(path: string): Promise<OpenFile> {
  // To open a device may already do something, and a pipe without a writer waits for one.
  requireRegular(await stat(path));
  // oxlint-disable-next-line typescript/no-useless-default-assignment -- Windows has none
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK);
  const close = (): Promise<void> => handle.close();
  try {
    const found = await handle.stat();
    requireRegular(found);
    return {
      size: found.size,
      read: (start, end) => readRange(handle, start, end),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function requireRegular(found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isFile()) return;
  const came = found.isDirectory() ? 'a folder' : 'a device, a pipe or a socket';
  throw new Error(`${came}, which is not a regular file`);
}

/** One read may give less than was asked for before the file ends. */
async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
