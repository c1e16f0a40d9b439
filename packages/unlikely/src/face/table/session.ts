import type { Table } from '@unlikely/data';
import type { Detector } from '@unlikely/detect';
import type { InputOptions } from '../../command/input.ts';
import type { Run } from '../../command/run/run.ts';

/** A model of tables as its parts see it. */
export interface TableSession {
  readonly detector: Detector;
  readonly run: Run;
  /** Opens an input, which goes with the session. */
  readonly input: (path: string, options?: Partial<InputOptions>) => Promise<Table>;
}
