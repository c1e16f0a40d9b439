import type { CommandName, CommandOptions } from '../../face/kind-flags.ts';
import type { ExitCode } from './exit-code.ts';
import type { Run } from './run.ts';

/** What a command does with its options. */
type Action<Name extends CommandName> = (
  options: CommandOptions<Name>,
  run: Run,
) => Promise<ExitCode>;

/** The file of each command, which is imported when it runs, so that others start fast. */
const actions: { readonly [Name in CommandName]: () => Promise<Action<Name>> } = {
  train: async () => (await import('../train.ts')).train,
  score: async () => (await import('../score.ts')).score,
  drift: async () => (await import('../drift.ts')).drift,
  evaluate: async () => (await import('../evaluate.ts')).evaluate,
  explain: async () => (await import('../explain.ts')).explain,
  inspect: async () => (await import('../inspect.ts')).inspect,
  report: async () => (await import('../report.ts')).report,
  generate: async () => (await import('../generate.ts')).generate,
  reconstruct: async () => (await import('../reconstruct.ts')).reconstruct,
  denoise: async () => (await import('../denoise.ts')).denoise,
  encode: async () => (await import('../encode.ts')).encode,
  decode: async () => (await import('../decode.ts')).decode,
  interpolate: async () => (await import('../interpolate.ts')).interpolate,
  traverse: async () => (await import('../traverse.ts')).traverse,
  attribute: async () => (await import('../attribute.ts')).attribute,
  transfer: async () => (await import('../transfer.ts')).transfer,
  plot: async () => (await import('../plot.ts')).plot,
  demo: async () => (await import('../demo.ts')).demo,
  doctor: async () => (await import('../doctor.ts')).doctor,
};

/** Runs a command. */
export async function act<Name extends CommandName>(
  name: Name,
  options: CommandOptions<Name>,
  run: Run,
): Promise<ExitCode> {
  const action = await actions[name]();
  return action(options, run);
}
