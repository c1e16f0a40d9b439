import type { Made, Making } from '../face/face.ts';
import { faceOfModel } from '../face/faces.ts';
import type { CommandName, CommandOptions } from '../face/kind-flags.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs } from './write-rows.ts';

interface MakingOptions {
  readonly model: string;
  readonly output: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** A command that makes items of a model's kind, writes them, and says how many they are. */
export async function make<Name extends CommandName & keyof Making>(
  name: Name,
  options: CommandOptions<Name> & MakingOptions,
  run: Run,
): Promise<ExitCode> {
  refuseTwoOutputs(options);
  const { open } = await faceOfModel(name, options, run);
  run.promise('Stopping; nothing is written');
  await using session = await open(options.model, options, run);
  const making: (given: CommandOptions<Name>) => Promise<Made> = session.make[name];
  return await tellMade(await making(options), options, run);
}

/** Says what was made, for readers and for programs. */
export async function tellMade(
  { lines, facts }: Made,
  { json }: { readonly json?: boolean },
  run: Run,
): Promise<ExitCode> {
  for (const line of lines) run.note(line);
  if (json === true) await run.data(`${JSON.stringify(facts)}\n`);
  return exitCodes.done;
}
