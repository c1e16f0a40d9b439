import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Configuration } from '@unlikely/detect';
import { commandError } from '../command-error.ts';

/** Settings are a few lines. */
const mostBytes = 1_000_000;

/** The object in a JSON file; `detect` checks its members. Throws `usage/configuration`. */
export async function readConfiguration<Settings extends object = Configuration>(
  path: string | undefined,
): Promise<Partial<Settings>> {
  if (path === undefined) return {};
  const expected = `expected a JSON object of settings in ${path}`;
  const help = 'An example: { "members": 5, "latentSize": 4 }';
  let value: unknown;
  try {
    const { size } = await regularFile(path);
    if (size > mostBytes) throw new Error(`${size} bytes, more than ${mostBytes}`);
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw commandError('usage/configuration', `${expected}, got: ${(cause as Error).message}`, {
      help,
      cause,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw commandError(
    'usage/configuration',
    `${expected}, got ${JSON.stringify(value).slice(0, 40)}`,
    { help },
  );
}

async function regularFile(path: string): Promise<Stats> {
  const info = await stat(path);
  // A pipe would wait for its writer, a device may never end.
  if (!info.isFile()) throw new Error('what is not a regular file');
  return info;
}
