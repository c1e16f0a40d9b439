import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely decode`: the row or image that the decoder expects for each code of a table. */
export function decode(options: CommandOptions<'decode'>, run: Run): Promise<ExitCode> {
  return make('decode', options, run);
}
