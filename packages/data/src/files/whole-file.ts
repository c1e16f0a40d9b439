import { createHash } from 'node:crypto';
import { chmod, chown, copyFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { dataError } from '../data-error.ts';
import { databaseFailure } from '../database-failure.ts';
import { letGo, markedNames, processMark, removeAtExit, removeLeftovers } from './leftovers.ts';
import { createTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.ts';
import { outputPlace } from './output-place.ts';
import type { OutputPlace } from './output-place.ts';
import { writeThrough } from './write-through.ts';

/*
 * The npm packages write-file-atomic and atomically do not do this: both rename over devices, FIFOs,
 * dangling links and read-only files, neither takes a file that another program has written, and
 * write-file-atomic knows nothing of files that Windows holds open.
 */

/** An output that appears whole at `commit`, or not at all. */
export interface WholeFile {
  /** An empty file, to be written by whatever means. */
  readonly path: string;
  /** Puts it in its place; throws `data/not-writable` or `data/disk-full`. */
  commit(): Promise<void>;
  /** Leaves nothing behind. Does nothing after `commit`. */
  abort(): Promise<void>;
}

const leftovers = markedNames(String.raw`\..*\.`, String.raw`-\d+\.partial`);
const cleaned = new Set<string>();
let files = 0;
/** Milliseconds between tries to replace a file that another program on Windows has open. */
const patience = [10, 30, 100, 300, 600, 1000];

/**
 * Begins an output: a file beside its place, links followed, that is renamed at `commit` and takes the
 * mode and where possible the owner of the one it replaces. What is no regular file is written into.
 * Throws `data/not-writable` now rather than after the work.
 */
export async function openWholeFile(output: string): Promise<WholeFile> {
  const place = await outputPlace(output);
  try {
    return place.kind === 'file' ? await besides(output, place) : await spooled(output, place);
  } catch (cause) {
    throw notWritten(output, cause);
  }
}

/** Writes a file whole or not at all, see `openWholeFile`. */
export async function writeFileWhole(output: string, content: string | Uint8Array): Promise<void> {
  const file = await openWholeFile(output);
  try {
    await writeFile(file.path, content);
  } catch (cause) {
    await file.abort();
    throw notWritten(output, cause);
  }
  await file.commit();
}

async function besides(
  output: string,
  { path, replaced }: Extract<OutputPlace, { kind: 'file' }>,
): Promise<WholeFile> {
  const folder = dirname(path);
  if (!cleaned.has(folder)) removeLeftovers(folder, leftovers, 'file');
  cleaned.add(folder);
  const partial = join(folder, `.${shortName(basename(path))}.${processMark}-${files++}.partial`);
  const mode = (replaced?.mode ?? 0o666) & 0o777;
  removeAtExit(partial);
  await (await open(partial, 'wx', mode)).close();
  const remove = async (): Promise<void> => {
    await rm(partial, { force: true });
    letGo(partial);
  };
  return {
    path: partial,
    async commit() {
      try {
        await flush(partial);
        if (replaced !== undefined) {
          await chown(partial, replaced.uid, replaced.gid).catch(() => undefined);
          await chmod(partial, mode);
        }
        await replace(partial, path, replaced !== undefined);
      } catch (cause) {
        throw notWritten(output, cause);
      } finally {
        await remove();
      }
    },
    abort: remove,
  };
}

async function spooled(
  output: string,
  place: Exclude<OutputPlace, { kind: 'file' }>,
): Promise<WholeFile> {
  const directory = createTemporaryDirectory();
  const path = join(directory, 'output');
  await writeFile(path, '');
  return {
    path,
    async commit() {
      try {
        await writeThrough(path, place);
      } catch (cause) {
        throw notWritten(output, cause);
      } finally {
        await removeTemporaryDirectory(directory);
      }
    },
    abort: () => removeTemporaryDirectory(directory),
  };
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function replace(partial: string, path: string, isThere: boolean): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await rename(partial, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!['EXDEV', 'EBUSY', 'EPERM', 'EACCES'].includes(code ?? '')) throw error;
      if (process.platform !== 'win32') {
        // A file that is mounted by itself, or another's in a shared folder, can be written but not replaced.
        if (!isThere) throw error;
        await copyFile(partial, path);
        return;
      }
      if (tries === patience.length) throw error;
      await setTimeout(patience[tries]);
    }
  }
}

/** A name that leaves room for what is put around it: file systems allow 255 bytes. */
function shortName(name: string): string {
  return Buffer.byteLength(name) <= 150
    ? name
    : createHash('sha256').update(name).digest('hex').slice(0, 16);
}

function notWritten(output: string, cause: unknown): Error {
  const failure = databaseFailure(cause);
  if (failure.code === 'data/disk-full' || failure.code === 'data/not-writable') return failure;
  const { code } = cause as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    EPIPE: 'its reader has gone',
    EBADF: 'it is not open for writing',
    ENXIO: 'nothing listens to it',
  };
  const isHeld = process.platform === 'win32' && ['EBUSY', 'EPERM', 'EACCES'].includes(code ?? '');
  const came = isHeld ? 'another program has it open' : reasons[code ?? ''];
  return dataError(
    'data/not-writable',
    `expected to write ${output}, but ${came ?? (cause as Error).message}`,
    {
      help: isHeld ? 'Close it there.' : 'Check that its folder exists and may be written to.',
      details: { path: output },
      cause,
    },
  );
}
