import { isImageInput } from '@unlikely/data';
import { nodeFiles } from '@unlikely/data/node-files';
import { modelKindOf } from '@unlikely/detect';
import { commandError } from '../command-error.ts';
import { flags } from '../command/run/flags.ts';
import { longName } from '../command/run/read-options.ts';
import type { Run } from '../command/run/run.ts';
import { commands } from '../command/run/commands.ts';
import type { FlagUses } from '../command/run/declaration.ts';
import type { Face } from './face.ts';
import { kindFlags } from './kind-flags.ts';
import type { CommandName, CommandOptions, Kind } from './kind-flags.ts';

/** The faces of all kinds of input. */
const faces: { readonly [Each in Kind]: () => Promise<Face> } = {
  table: async () => (await import('./table/face.ts')).tableFace,
  image: async () => (await import('./image/face.ts')).imageFace,
};

/** Which inputs are of a kind; of tables all that are of no other. */
const recognisers: {
  readonly [Each in Exclude<Kind, 'table'>]: (input: string) => Promise<boolean>;
} = { image: isImageInput };

/** The face of an input to learn from. Throws `usage/invalid` for flags of other kinds. */
export async function faceOfInput(input: string, run: Run): Promise<Face> {
  return chosenFace(await kindOfInput(input), run);
}

interface ModelOptions {
  readonly model: string;
  readonly input?: string;
  readonly threads?: number;
}

/**
 * The face of a model, and of the input beside it.
 *
 * @throws UnlikelyError `command/wrong-kind` where they are of different kinds, `usage/invalid` for
 *   flags of other kinds.
 */
export async function faceOfModel<Name extends CommandName>(
  name: Name,
  options: CommandOptions<Name> & ModelOptions,
  run: Run,
): Promise<Face> {
  const { model, input } = options;
  // What is no model is for the loader to explain, whatever the input is.
  const found = await modelKindOf(model, nodeFiles);
  const kind: Kind = found ?? 'table';
  if (input !== undefined && found !== undefined) {
    await requireKind(input, kind, `which ${model} was trained on`);
  }
  const face = await chosenFace(kind, run);
  face.checks[name]?.(options);
  return face;
}

/** Throws `command/wrong-kind` where an input is of another kind than is wanted. */
export async function requireKind(input: string, kind: Kind, why: string): Promise<void> {
  const found = await kindOfInput(input);
  if (found === kind) return;
  const [wanted, came] = await Promise.all([faces[kind](), faces[found]()]);
  throw commandError(
    'command/wrong-kind',
    `expected ${wanted.input}, ${why}, but ${input} is ${came.input}`,
    { help: wanted.inputHelp },
  );
}

/** The kind of an input: what no kind recognises is a table. */
async function kindOfInput(input: string): Promise<Kind> {
  for (const [kind, recognises] of Object.entries(recognisers)) {
    if (await recognises(input)) return kind as Kind;
  }
  return 'table';
}

/** Throws `usage/invalid` for a flag that is for other kinds of input alone. */
async function chosenFace(kind: Kind, { command, given }: Run): Promise<Face> {
  const face = await faces[kind]();
  const common: FlagUses = commands[command].flags;
  const own = kindFlags[kind][command] ?? {};
  for (const flag of given) {
    if (flag in common || flag in own) continue;
    const owners = (Object.keys(kindFlags) as Kind[]).filter(
      (other) => flag in (kindFlags[other][command] ?? {}),
    );
    const others = await Promise.all(owners.map((owner) => faces[owner]()));
    const name = longName(flags[flag].spelling);
    throw commandError(
      'usage/invalid',
      `expected options for ${face.input}, but ${name} is for ${others.map((other) => other.input).join(' and ')}`,
      { help: `Leave out ${name}.` },
    );
  }
  return face;
}
