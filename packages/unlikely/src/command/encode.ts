import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { tellMade } from './make.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, writeRows } from './write-rows.ts';

/** `unlikely encode`: the latent code of every row or image. */
export async function encode(options: CommandOptions<'encode'>, run: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  const { words, open } = await faceOfModel('encode', options, run);
  run.promise('Stopping; nothing is written');
  await using session = await open(options.model, options, run);
  const codes = await session.encode(options);
  return await tellMade(await writeRows(options.output, codes, words, run), options, run);
}
