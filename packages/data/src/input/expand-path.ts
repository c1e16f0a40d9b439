import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dataError } from '../data-error.ts';
import type { Database } from '../duckdb/duckdb.ts';
import { literal } from '../duckdb/sql.ts';

/** The file, or the files that a glob matches, sorted. */
export async function expandPath(database: Database, path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true) {
    throw dataError('data/is-directory', `expected a file, but ${path} is a directory`, {
      help: `Name the files in it with a glob, such as ${join(path, '*.parquet')}.`,
      details: { path },
    });
  }
  if (info !== undefined) return [path];
  const isGlob = /[*?[]/.test(path);
  const matches = isGlob
    ? await database.rows(`SELECT file FROM glob(${literal(path)}) ORDER BY file`)
    : [];
  if (matches.length === 0) {
    const problem = isGlob ? `no file matches ${path}` : `${path} does not exist`;
    throw dataError('data/file-not-found', `expected a file, but ${problem}`, {
      help: 'Check the path; only files on this machine are read.',
      details: { path },
    });
  }
  return matches.map(([file]) => String(file));
}
