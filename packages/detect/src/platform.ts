import type { Table } from '@unlikely/data';
import type { Runtime } from '@unlikely/runtime';

/** What the host gives to a detector, which imports no native package itself. */
export interface Platform {
  /** Where networks are trained; the caller disposes of it. */
  readonly trainingRuntime: () => Promise<Runtime>;
  /** Where rows are scored; the caller disposes of it. */
  readonly scoringRuntime: () => Promise<Runtime>;
  /** Writes a file whole or not at all. */
  readonly writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Records as a table, for models on records; without it they take matrices alone. */
  readonly tableFromRecords?: (records: readonly Record<string, unknown>[]) => Promise<Table>;
}
