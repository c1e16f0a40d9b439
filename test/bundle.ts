import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { BuildOptions, Metafile, OutputFile } from 'esbuild';
import { root } from './repository.ts';

export interface Bundle {
  /** What the bundler complained of. */
  readonly warnings: readonly string[];
  readonly files: readonly OutputFile[];
  /** Gzipped bytes of what a page loads before it runs: the entry with all that it imports statically. */
  readonly initialBytes: number;
  /** Gzipped bytes of everything. */
  readonly allBytes: number;
  /** What is imported from outside of the bundle. */
  readonly external: readonly string[];
}

/** Bundles a module, given as text, for browsers: the built packages, as a user of them would. */
export async function bundleForBrowsers(
  module: string,
  options: BuildOptions = {},
): Promise<Bundle> {
  const result = await build({
    stdin: { contents: module, resolveDir: join(root, 'packages/unlikely') },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    outdir: join(root, 'bundle'),
    write: false,
    metafile: true,
    logLevel: 'silent',
    ...options,
  });
  const { outputFiles = [], metafile, warnings } = result;
  const { outputs } = metafile as Metafile;
  const initial = new Set<string>();
  const visit = (name: string): void => {
    if (initial.has(name)) return;
    initial.add(name);
    for (const { path, kind } of outputs[name]!.imports) {
      if (kind === 'import-statement' && path in outputs) visit(path);
    }
  };
  for (const [name, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === '<stdin>') visit(name);
  }
  const sizes = outputFiles.map(({ path, contents }): [string, number] => [
    path,
    gzipSync(contents).length,
  ]);
  const isInitial = (path: string): boolean => [...initial].some((name) => path.endsWith(name));
  const sum = (some: readonly [string, number][]): number =>
    some.reduce((total, [, bytes]) => total + bytes, 0);
  return {
    warnings: warnings.map(({ text }) => text),
    files: outputFiles,
    initialBytes: sum(sizes.filter(([path]) => isInitial(path))),
    allBytes: sum(sizes),
    external: Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path),
    ),
  };
}
