import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely reconstruct`: what the model expects in the place of each row or image. */
export function reconstruct(options: CommandOptions<'reconstruct'>, run: Run): Promise<ExitCode> {
  return make('reconstruct', options, run);
}
