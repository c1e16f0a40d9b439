import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely transfer`: rows or images with an attribute vector added to their codes. */
export function transfer(options: CommandOptions<'transfer'>, run: Run): Promise<ExitCode> {
  return make('transfer', options, run);
}
