import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely generate`: new rows or images as the model holds them for likely. */
export function generate(options: CommandOptions<'generate'>, run: Run): Promise<ExitCode> {
  return make('generate', options, run);
}
