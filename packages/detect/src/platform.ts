import type { Files, Table } from '@unlikely/data/source';
import type { Runtime } from '@unlikely/runtime';
import { detectError } from './detect-error.ts';

/** What the host gives to a detector, which imports no native package itself. */
export interface Platform {
  /** Where networks are trained; the caller disposes of it. */
  readonly trainingRuntime: () => Promise<Runtime>;
  /** Where rows are scored; the caller disposes of it. */
  readonly scoringRuntime: () => Promise<Runtime>;
  /** Where models and checkpoints are kept by path; without it they are bytes. */
  readonly files?: Files;
  /** Records as a table, for models on records; without it they take matrices alone. */
  readonly tableFromRecords?: (records: readonly Record<string, unknown>[]) => Promise<Table>;
}

/** The files of a host, to reach a path. Throws `detect/platform` where the host has none. */
export function filesOf({ files }: Platform, path: string): Files {
  if (files !== undefined) return files;
  throw detectError(
    'detect/platform',
    `expected a platform with files to reach ${path}, got none`,
    {
      help: 'Keep the bytes yourself: toBytes gives them and fromBytes takes them. Checkpoints need files.',
    },
  );
}
