import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { root } from './repository.ts';

/** The built command line, as users run it. */
export const unlikelyProgram: string = join(root, 'packages/unlikely/bin/unlikely.js');

/** The rows that ship with `unlikely demo`. */
export const sample = {
  normal: join(root, 'packages/unlikely/sample/normal-connections.csv.gz'),
  fresh: join(root, 'packages/unlikely/sample/new-connections.csv.gz'),
};

export interface RunOptions {
  readonly folder: string;
  readonly standardInput?: string | Uint8Array;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface Ended {
  /** Exit status, or null where a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly notes: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error holds a text. */
  readonly says: (text: string) => Promise<void>;
}

/** Starts `unlikely` as a process of its own. */
export function startUnlikely(parameters: readonly string[], options: RunOptions): Running {
  const child = spawn(process.execPath, [unlikelyProgram, ...parameters], {
    cwd: options.folder,
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let notes = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (notes += text));
  // A command that does not read its input may close it early.
  child.stdin.on('error', () => {});
  child.stdin.end(options.standardInput ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, output, notes }));
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (notes.includes(text)) resolve();
      };
      look();
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`it ended without saying "${text}":\n${notes}`)));
    });
  return { process: child, ended, says };
}

/** Runs `unlikely` to its end. */
export function runUnlikely(parameters: readonly string[], options: RunOptions): Promise<Ended> {
  return startUnlikely(parameters, options).ended;
}

/** A folder that goes when the tests of the file have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unlikely-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Lines of CSV as a list of records. */
export function parseCsv(text: string): Record<string, string>[] {
  const [head, ...lines] = text.trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
}
