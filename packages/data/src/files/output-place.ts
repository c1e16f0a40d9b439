import { constants, fstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { access, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { dataError } from '../data-error.ts';

/** What stands where an output is to go, links followed. */
export type OutputPlace =
  | {
      /** A file, which is made beside its place and renamed. */
      readonly kind: 'file';
      /** Of the file itself, and no link to it. */
      readonly path: string;
      /** The file that it replaces, if any. */
      readonly replaced?: Stats;
    }
  /** A device, FIFO or file that another process has open: bytes are written into it. */
  | { readonly kind: 'stream'; readonly path: string; readonly info?: Stats }
  /** A file or pipe that this process has open, as `/dev/stdout`: bytes go on where it stands. */
  | { readonly kind: 'descriptor'; readonly descriptor: number };

const mostLinks = 40;
/** Names that Windows takes for devices in every folder. */
const windowsDevice = /^(nul|con|prn|aux|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * Finds out where an output goes and that it can be written, without touching it.
 *
 * @throws UnlikelyError `data/not-writable` where its folder is missing or read-only, a folder stands
 *   in its place, or the file that stands there is read-only.
 */
export async function outputPlace(output: string): Promise<OutputPlace> {
  const refuse = (came: string, help: string, cause?: unknown): Error =>
    dataError('data/not-writable', `expected to write ${output}, but ${came}`, {
      help,
      details: { path: output },
      cause,
    });
  let path = resolve(output);
  if (process.platform === 'win32' && windowsDevice.test(basename(path))) {
    return { kind: 'stream', path: `\\\\.\\${basename(path)}` };
  }
  for (let links = 0; ; links++) {
    const folder = await realpath(dirname(path)).catch(() => undefined);
    if (folder === undefined) {
      throw refuse(
        `the folder ${dirname(path)} does not exist`,
        'Make it first, or choose another.',
      );
    }
    path = join(folder, basename(path));
    const open = openFile(folder, basename(path));
    if (open?.process === process.pid) return { kind: 'descriptor', descriptor: open.descriptor };
    if (open !== undefined) return { kind: 'stream', path, info: await stat(path) };
    const target = await readlink(path).catch(() => undefined);
    if (target === undefined) break;
    if (links === mostLinks) throw refuse('its links lead nowhere', 'Choose another.');
    path = resolve(folder, target);
  }
  const folder = dirname(path);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true || output.endsWith('/') || output.endsWith(sep)) {
    throw refuse('that is a folder', 'Name a file in it.');
  }
  if (info !== undefined && !info.isFile()) return { kind: 'stream', path, info };
  if (info !== undefined && ((info.mode & 0o222) === 0 || !(await isWritable(path)))) {
    throw refuse('that file is read-only', 'Choose another, or make it writable.');
  }
  if (!(await isWritable(folder))) {
    throw refuse(`the folder ${folder} is read-only`, 'Choose another.');
  }
  return { kind: 'file', path, ...(info === undefined ? {} : { replaced: info }) };
}

/**
 * What tells whether two places are one, whatever they are called; none for devices that all can share.
 * Files that are not there yet are compared by their names without regard to upper and lower case,
 * which some file systems do not tell apart.
 */
export async function identityOf(place: OutputPlace): Promise<string | undefined> {
  if (place.kind === 'descriptor') {
    const { descriptor } = place;
    return fileIdentity(descriptorInfo(descriptor)) ?? `descriptor ${descriptor}`;
  }
  if (place.kind === 'stream') return fileIdentity(place.info);
  if (place.replaced !== undefined) return fileIdentity(place.replaced);
  const folder = await stat(dirname(place.path)).catch(() => undefined);
  const name = basename(place.path).normalize('NFC').toLowerCase();
  return folder && `${folder.dev}:${folder.ino}/${name}`;
}

/** Device and inode. */
export function fileIdentity(info: Stats | undefined): string | undefined {
  if (info === undefined || info.isCharacterDevice()) return undefined;
  return `${info.dev}:${info.ino}`;
}

/** Of a file that this process has open. */
export function descriptorInfo(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

/** The open file that a name in `/dev/fd` or `/proc/PID/fd` stands for. */
function openFile(
  folder: string,
  name: string,
): { readonly process: number; readonly descriptor: number } | undefined {
  const owner =
    folder === '/dev/fd'
      ? process.pid
      : Number(/^\/proc\/(\d+)\/(?:task\/\d+\/)?fd$/.exec(folder)?.[1] ?? NaN);
  return Number.isNaN(owner) || !/^\d+$/.test(name)
    ? undefined
    : { process: owner, descriptor: Number(name) };
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
