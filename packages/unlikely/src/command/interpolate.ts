import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely interpolate`: rows or images on the way from one to another. */
export function interpolate(options: CommandOptions<'interpolate'>, run: Run): Promise<ExitCode> {
  return make('interpolate', options, run);
}
