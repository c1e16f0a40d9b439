import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { descriptorInfo, fileIdentity, identityOf, inputFiles, outputPlace } from '@unlikely/data';
import { UnlikelyError } from '@unlikely/graph';
import { commandError } from '../../command-error.ts';
import type { Host } from './host.ts';
import type { NamedPath, OutputPath, RunFiles } from './run-files.ts';

/** A file that the run would write. */
interface Target {
  readonly output: OutputPath;
  readonly path: string;
  readonly identity: string | undefined;
  /** Whether there is something that it would replace. */
  readonly isThere: boolean;
}

/**
 * Finds out before any work whether all outputs can be written, and that none is an input of the run or
 * another output: by device and inode, since one file can have many names.
 *
 * @param printsData Whether standard output is an output, too.
 * @throws UnlikelyError `command/not-writable`, `usage/invalid`.
 */
export async function checkFiles(
  { inputs, outputs }: RunFiles,
  printsData: boolean,
  host: Host,
): Promise<void> {
  const targets = (await Promise.all(outputs.map((output) => targetsOf(output, host)))).flat();
  if (printsData && !targets.some(({ path }) => path === '-')) {
    targets.push(standardOutput({ name: 'standard output', path: '-', kind: 'file' }, host));
  }
  const seen = new Map<string, Target>();
  for (const target of targets) {
    if (target.identity === undefined) continue;
    const other = seen.get(target.identity);
    if (other !== undefined) throw twice(other, target);
    seen.set(target.identity, target);
  }
  if (!targets.some(({ isThere }) => isThere)) return;
  for (const input of inputs) {
    for (const identity of await identitiesOf(input, host)) {
      const target = seen.get(identity);
      if (target !== undefined && target.output.replaces !== input.name) {
        throw overInput(target, input);
      }
    }
  }
}

async function targetsOf(output: OutputPath, host: Host): Promise<Target[]> {
  const { path, kind, files } = output;
  if (path === '-') return [standardOutput(output, host)];
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const isFile =
    kind === 'file' || (kind === 'picture' && !isFolder && !/[/\\]$/.test(path) && extname(path));
  if (isFile) return [await target(output, path)];
  if (!isFolder) return [];
  const names = files ?? (await readdir(path)).filter((name) => /\.png$/i.test(name));
  return Promise.all(names.map((name) => target(output, join(path, name))));
}

async function target(output: OutputPath, path: string): Promise<Target> {
  try {
    const place = await outputPlace(path);
    const isThere = place.kind !== 'file' || place.replaced !== undefined;
    return { output, path, identity: await identityOf(place), isThere };
  } catch (error) {
    if (!(error instanceof UnlikelyError) || error.code !== 'data/not-writable') throw error;
    const { message, help, details, cause } = error;
    throw commandError('command/not-writable', message, {
      ...(help === undefined ? {} : { help }),
      details,
      cause,
    });
  }
}

function standardOutput(output: OutputPath, { standardOutput: { fd } }: Host): Target {
  const info = fd === undefined ? undefined : descriptorInfo(fd);
  const identity = fileIdentity(info) ?? `descriptor ${fd ?? 'none'}`;
  return { output, path: '-', identity, isThere: info?.isFile() === true };
}

async function identitiesOf(
  { path }: NamedPath,
  { standardInput: { fd } }: Host,
): Promise<string[]> {
  const infos =
    path === '-'
      ? [fd === undefined ? undefined : descriptorInfo(fd)]
      : await Promise.all(
          (await inputFiles(path)).map((file) => stat(file).catch(() => undefined)),
        );
  return infos.flatMap((info) => fileIdentity(info) ?? []);
}

function twice(first: Target, second: Target): UnlikelyError {
  return commandError(
    'usage/invalid',
    `expected outputs that differ, but ${shownName(first)} and ${shownName(second)} are one file`,
    { help: 'Name two, which differ not only in upper and lower case.' },
  );
}

function overInput(target: Target, input: NamedPath): UnlikelyError {
  return commandError(
    'usage/invalid',
    `expected an output that is no input, but ${shownName(target)} is a file of ${input.name} ${input.path}`,
    { help: 'The input would be lost: name another output.' },
  );
}

function shownName({ output: { name }, path }: Target): string {
  return path === '-' ? 'standard output' : `${name} ${path}`;
}
