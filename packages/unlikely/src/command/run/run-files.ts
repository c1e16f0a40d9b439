import { join } from 'node:path';
import type { CommandName } from '../../face/kind-flags.ts';

/** Something that a run reads or writes, under the name that the user knows. */
export interface NamedPath {
  readonly name: string;
  /** `-` is standard input or output. */
  readonly path: string;
}

export interface OutputPath extends NamedPath {
  /**
   * `picture` is a file, or without an ending a folder; a folder is made where there is none, and gets
   * the files named here, or PNG files.
   */
  readonly kind: 'file' | 'folder' | 'picture';
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

/** The closed table of what each command reads and writes. */
export const runFiles: Readonly<Record<CommandName, (options: Options) => RunFiles>> = {
  train: (options) => ({
    inputs: given(options, ['input', 'from', 'config']),
    outputs: [
      ...files(options, ['output', 'suspects']),
      ...files({ checkpoint: checkpointOf(options) }, ['checkpoint']),
    ],
  }),
  score: (options) => ({
    inputs: given(options, ['model', 'input']),
    outputs: [...files(options, ['output']), ...gallery(options)],
  }),
  evaluate: (options) => ({
    inputs: given(options, ['model', 'input', 'reference']),
    outputs: files(options, ['report']),
  }),
  explain: (options) => ({ inputs: given(options, ['model', 'input']), outputs: [] }),
  inspect: (options) => ({ inputs: given(options, ['model']), outputs: [] }),
  report: (options) => ({
    inputs: given(options, ['model', 'input']),
    outputs: [...files(options, ['output']), ...gallery(options)],
  }),
  generate: made,
  reconstruct: made,
  denoise: made,
  encode: made,
  decode: made,
  interpolate: made,
  traverse: made,
  transfer: made,
  attribute: (options) => ({
    inputs: given(options, ['model', 'input']),
    // The attribute is kept in the model, so that is where it goes unless another file is named.
    outputs: files({ output: options['output'] ?? options['model'] }, ['output']).map((output) => ({
      ...output,
      replaces: 'MODEL',
    })),
  }),
  plot: (options) => ({
    inputs: given(options, ['model', 'input']),
    outputs: files(options, ['output']),
  }),
  demo: (options) => ({
    inputs: [],
    outputs: files(options, ['output']).map((output) => ({
      ...output,
      kind: 'folder' as const,
      files: demoFiles,
    })),
  }),
  doctor: () => ({ inputs: [], outputs: [] }),
};

const demoFiles = ['model.onnx', 'report.html'];

/** Where unfinished training is kept; nowhere when the model goes to standard output. */
export function checkpointOf({ output, checkpoint }: Options): string | undefined {
  if (typeof checkpoint === 'string') return checkpoint;
  return typeof output !== 'string' || output === '-' ? undefined : `${output}.checkpoint`;
}

/** Where the demonstration writes. */
export function demoPaths(folder: string): readonly [model: string, report: string] {
  return [join(folder, demoFiles[0]!), join(folder, demoFiles[1]!)];
}

function made(options: Options): RunFiles {
  return {
    inputs: given(options, ['model', 'input', 'codes']),
    outputs: files(options, ['output']).map((output) => ({ ...output, kind: 'picture' })),
  };
}

function given(options: Options, names: readonly string[]): NamedPath[] {
  return names.flatMap((name) => {
    const path = options[name];
    const isArgument = ['input', 'model', 'codes'].includes(name);
    return typeof path === 'string'
      ? [{ name: isArgument ? name.toUpperCase() : `--${name}`, path }]
      : [];
  });
}

function files(options: Options, names: readonly string[]): OutputPath[] {
  return given(options, names).map((output) => ({ ...output, kind: 'file' }));
}

function gallery(options: Options): OutputPath[] {
  return given(options, ['gallery']).map((output) => ({ ...output, kind: 'folder' }));
}
