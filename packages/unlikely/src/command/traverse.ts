import type { CommandOptions } from '../face/kind-flags.ts';
import { make } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';

/** `unlikely traverse`: what each latent unit does to a row or an image. */
export function traverse(options: CommandOptions<'traverse'>, run: Run): Promise<ExitCode> {
  return make('traverse', options, run);
}
