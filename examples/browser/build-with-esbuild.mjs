// node build-with-esbuild.mjs [FOLDER]: the page of this folder in FOLDER (default dist), to be served.
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const to = process.argv[2] ?? join(here, 'dist');

await mkdir(to, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { main: 'main-esbuild.js', worker: 'unlikely/browser/worker' },
  outdir: to,
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: true,
  target: 'es2022',
  loader: { '.wasm': 'file' },
});
await copyFile(join(here, 'index.html'), join(to, 'index.html'));
