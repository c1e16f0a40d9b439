import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll } from 'vitest';
import { run } from '../packages/unlikely/src/command/run/run-command.ts';
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
  /** Beside that of the tests: with it, the command runs as a process of its own. */
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

/**
 * Runs `unlikely` to its end, in the process of the test, with streams of its own. With an `environment` it is a process of its own.
 */
export async function runUnlikely(
  parameters: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  if (options.environment !== undefined) return startUnlikely(parameters, options).ended;
  const [standardOutput, standardError] = [new Collected(), new Collected()];
  // All commands of a file run in one folder, so that some can run at once.
  process.chdir(options.folder);
  const { exitCode } = await run(parameters, {
    standardInput: Readable.from([Buffer.from(options.standardInput ?? '')], { objectMode: false }),
    standardOutput,
    standardError,
    environment: { ...process.env, NO_COLOR: '1' },
  });
  return {
    status: exitCode,
    signal: null,
    output: standardOutput.text(),
    notes: standardError.text(),
  };
}

/** Keeps what is written. */
class Collected extends Writable {
  readonly #parts: Buffer[] = [];

  override _write(part: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#parts.push(part);
    done();
  }

  text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }
}

/** A folder that goes when the tests of the file have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unlikely-test-'));
  afterAll(() => {
    process.chdir(root);
    rmSync(folder, { recursive: true, force: true });
  });
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
