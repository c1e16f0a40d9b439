import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Files and folders of a run that must not outlive it. Their names hold `processMark`, so that a later
 * run can tell whether the run that made them is still there: its number and start time, and of which
 * machine, boot and container that number is. Where that cannot be told, a run counts as gone when it
 * has not touched its files for a day; while it lives it touches them every hour.
 */
const touchEvery = 3_600_000;
const goneAfter = 24 * touchEvery;
const markPattern = String.raw`(\d+)-(\d+)-([0-9a-f]{8})`;

/** Names that `processMark` is part of. */
export function markedNames(before: string, after: string): RegExp {
  return new RegExp(`^${before}${markPattern}${after}$`, 's');
}

const scope = createHash('sha256')
  .update([hostname(), read('/proc/sys/kernel/random/boot_id'), link('/proc/self/ns/pid')].join())
  .digest('hex')
  .slice(0, 8);

/** What no other running process has, in letters that a file name may hold everywhere. */
export const processMark: string = `${process.pid}-${startOf(process.pid) ?? 0}-${scope}`;

const live = new Set<string>();
let isWatched = false;

/** Removes a file or folder when the process exits, unless it is let go before. */
export function removeAtExit(path: string): void {
  live.add(path);
  if (isWatched) return;
  isWatched = true;
  process.once('exit', removeTemporaryFiles);
  setInterval(() => live.forEach(touch), touchEvery).unref();
}

/** What else happens when a process exits; for one that dies in another way. */
export function removeTemporaryFiles(): void {
  for (const one of live) rmSync(one, { recursive: true, force: true });
}

export function letGo(path: string): void {
  live.delete(path);
}

/**
 * Removes what runs of this user that are gone left in a folder under names of a pattern made by
 * `markedNames`. Links are left alone; nothing that goes wrong here ends a run.
 */
export function removeLeftovers(folder: string, pattern: RegExp, kind: 'file' | 'folder'): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const mark = pattern.exec(name);
    if (mark === null) continue;
    const path = join(folder, name);
    try {
      const info = lstatSync(path);
      const isOurs = process.getuid === undefined || info.uid === process.getuid();
      const isKind = kind === 'file' ? info.isFile() : info.isDirectory();
      if (!isOurs || !isKind) continue;
      const [, number, start, where] = mark;
      if (isGone(Number(number), start!, where!, now() - info.mtimeMs)) {
        rmSync(path, { recursive: true, force: true });
      }
    } catch {
      // Another run may be removing the same.
    }
  }
}

function isGone(number: number, start: string, where: string, untouched: number): boolean {
  if (where === scope) {
    if (startOf(process.pid) !== undefined) return startOf(number) !== start;
    if (!isRunning(number)) return true;
  }
  return untouched > goneAfter;
}

/** When a process started, as Linux counts it; none for one that has ended, or on other systems. */
function startOf(number: number): string | undefined {
  const text = read(`/proc/${number}/stat`);
  // The name of the program stands in parentheses and may hold anything.
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function isRunning(number: number): boolean {
  try {
    process.kill(number, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, now() / 1000, now() / 1000);
  } catch {
    // It is about to go.
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
