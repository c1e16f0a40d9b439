import { join } from 'node:path';
import type { CommandName } from '../../face/kind-flags.ts';
import { usesOf } from './command-line.ts';
import { flags } from './flags.ts';
import type { FileUse, Flag } from './flags.ts';
import { longName } from './read-options.ts';

/** Something that a run reads or writes, under the name that the user knows. */
export interface NamedPath {
  readonly name: string;
  /** `-` is standard input or output. */
  readonly path: string;
}

export interface OutputPath extends NamedPath {
  /** A folder is made where there is none, and gets the files named here, or PNG files. */
  readonly kind: Exclude<FileUse, 'read'>;
  readonly files?: readonly string[];
  /** The input that it may replace. */
  readonly replaces?: string;
}

/** All files of a run. */
export interface RunFiles {
  readonly inputs: readonly NamedPath[];
  readonly outputs: readonly OutputPath[];
}

type Options = Readonly<Record<string, unknown>>;

/** What a command reads and writes with its options, by what its flags and arguments are for. */
export function runFiles(name: CommandName, options: Options): RunFiles {
  const paths = usesOf(name).flatMap(({ flag, use }) => {
    const definition: Flag = flags[flag];
    const kind = use.file ?? definition.file;
    const path = otherwise[name]?.(options)[flag] ?? options[flag];
    return kind === undefined || typeof path !== 'string'
      ? []
      : [{ name: longName(definition.spelling), path, kind }];
  });
  const given = ['input', 'model', 'codes'].flatMap((argument) => {
    const path = options[argument];
    return typeof path === 'string' ? [{ name: argument.toUpperCase(), path }] : [];
  });
  return {
    inputs: [...given, ...paths.filter(({ kind }) => kind === 'read')],
    outputs: paths.flatMap(({ kind, ...output }): OutputPath[] =>
      kind === 'read' ? [] : [{ ...output, kind, ...more[name] }],
    ),
  };
}

/** Where outputs go that nobody names. */
const otherwise: { readonly [Name in CommandName]?: (options: Options) => Options } = {
  train: (options) => ({ checkpoint: checkpointOf(options) }),
  // The attribute is kept in the model, so that is where it goes unless another file is named.
  attribute: ({ output, model }) => ({ output: output ?? model }),
};

const demoFiles = ['model.onnx', 'report.html'];
const more: { readonly [Name in CommandName]?: Pick<OutputPath, 'files' | 'replaces'> } = {
  attribute: { replaces: 'MODEL' },
  demo: { files: demoFiles },
};

/** Where unfinished training is kept; nowhere when the model goes to standard output. */
export function checkpointOf({ output, checkpoint }: Options): string | undefined {
  if (typeof checkpoint === 'string') return checkpoint;
  return typeof output !== 'string' || output === '-' ? undefined : `${output}.checkpoint`;
}

/** Where the demonstration writes. */
export function demoPaths(folder: string): readonly [model: string, report: string] {
  return [join(folder, demoFiles[0]!), join(folder, demoFiles[1]!)];
}
