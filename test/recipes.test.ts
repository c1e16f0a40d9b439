import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build as buildWithVite } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleForBrowsers } from './bundle.ts';
import { chromium, resultOfPage } from './chromium.ts';
import { filesBelow, root } from './repository.ts';

const execute = promisify(execFile);

// Inside the repository, so that `import … from 'unlikely'` finds the package.
const folder = mkdtempSync(join(root, 'test/documentation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The blocks of the page that are files, whose first line names them. */
function writeRecipes(): string[] {
  const page = readFileSync(join(root, 'docs/recipes.md'), 'utf8');
  const blocks = [...page.matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  for (const [, name, code] of blocks) writeFileSync(join(folder, name!), code!);
  return blocks.map(([, name]) => name!);
}

/** Sends what a page of the examples shows. */
const sendShown = `<script>
  const timer = setInterval(() => {
    const { textContent } = document.getElementById('result');
    if (textContent.startsWith('training')) return;
    clearInterval(timer);
    void fetch('/result', { method: 'POST', body: JSON.stringify({ textContent }) });
  }, 100);
</script>`;

async function shownBy(built: string): Promise<string> {
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  const from = relative(root, built);
  const files = filesBelow(from).map((file): [string, Uint8Array] => [
    `/${relative(from, file)}`,
    readFileSync(join(root, file)),
  ]);
  const { textContent } = await resultOfPage<{ textContent: string }>(
    `${page}${sendShown}`,
    new Map(files),
  );
  return textContent;
}

const threeOrders = /^\{"items":2.*score -?\d.*\n.*p-value 0\.0.*\n\{"items":4.*p-value \d\.\d+$/;

describe('docs/recipes.md', () => {
  const names = writeRecipes();
  mkdirSync(join(folder, 'dist'));

  it('has the files that are built here', () => {
    expect(names).toEqual([
      'main-esbuild.js',
      'build.mjs',
      'server.js',
      'build-server.mjs',
      'vite.config.js',
      'next.config.js',
    ]);
  });

  it('builds a page with esbuild', async () => {
    const { stderr } = await execute(process.execPath, ['build.mjs'], { cwd: folder });
    expect(stderr).toBe('');
    const built = filesBelow(relative(root, join(folder, 'dist'))).map((file) => file.slice(-9));
    expect(built).toEqual(expect.arrayContaining(['worker.js', expect.stringMatching(/\.wasm$/)]));
  });

  it('builds a server with esbuild, which runs', async () => {
    await execute(process.execPath, ['build-server.mjs'], { cwd: folder });
    const built = await execute(process.execPath, ['dist/server-esbuild.mjs'], { cwd: folder });
    expect(built.stdout).toBe('a model of some bytes\n');
  });

  it('builds a server with Vite, which runs', async () => {
    await buildWithVite({
      root: folder,
      logLevel: 'silent',
      build: { ssr: 'server.js', outDir: 'dist-vite' },
    });
    const built = await execute(process.execPath, ['dist-vite/server.js'], { cwd: folder });
    expect(built.stdout).toBe('a model of some bytes\n');
  });

  it('says at the build what to import in a browser', async () => {
    await expect(bundleForBrowsers("export { Detector } from 'unlikely'")).rejects.toThrow(
      /import-unlikely-browser-instead/,
    );
  });
});

describe.skipIf(chromium === undefined)('examples/browser (skipped without Chromium)', () => {
  it('works as Vite builds it', async () => {
    const outDir = join(folder, 'page-vite');
    await buildWithVite({
      root: join(root, 'examples/browser'),
      configFile: false,
      logLevel: 'silent',
      build: { outDir },
    });
    expect(await shownBy(outDir)).toMatch(threeOrders);
  }, 180_000);

  it('works as esbuild builds it', async () => {
    const outDir = join(folder, 'page-esbuild');
    const script = join(root, 'examples/browser/build-with-esbuild.mjs');
    await execute(process.execPath, [script, outDir]);
    expect(await shownBy(outDir)).toMatch(threeOrders);
  }, 180_000);
});
