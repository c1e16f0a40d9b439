import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely denoise`: missing and implausible cells, or whole images, as the model expects them. */
export function denoise(options: CommandOptions<'denoise'>, run: Run): Promise<ExitCode> {
  return make('denoise', options, run);
}
