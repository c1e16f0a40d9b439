import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { Detector } from '@unlikely/detect';
import type { Platform } from '@unlikely/detect';
import { nativeRuntime, wasmRuntime } from '@unlikely/runtime/node';
import { chromium, resultOfPage } from './chromium.ts';
import { scoresOf, trainAndScore } from './in-browser/train-and-score.ts';
import type { Scored } from './in-browser/train-and-score.ts';
import { root } from './repository.ts';

interface PageResult {
  readonly model: number[];
  readonly scored: Scored;
  readonly loaded: Scored;
  readonly failures: Readonly<Record<'engine' | 'otherFile' | 'worker', unknown>>;
  readonly unlikely: unknown;
}

/** Browsers that do not know `using` yet lack its symbols, before what is bundled brings them. */
const withoutSymbols = `<html data-do="little"><script>
  const { dispose, asyncDispose, prototype, ...others } = Object.getOwnPropertyDescriptors(Symbol);
  const { Symbol: known } = globalThis;
  globalThis.Symbol = Object.defineProperties((name) => known(name), others);
</script>`;

async function results<Result>(html = ''): Promise<Result> {
  const { outputFiles, warnings } = await build({
    absWorkingDir: root,
    entryPoints: { page: 'test/in-browser/page.ts', worker: 'unlikely/browser/worker' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  const engine = join(root, 'packages/runtime/engine/ort-wasm-simd-threaded.wasm');
  const files = new Map<string, Uint8Array>([
    ...outputFiles.map(({ path, contents }): [string, Uint8Array] => [path, contents]),
    ['/engine.wasm', readFileSync(engine)],
  ]);
  return resultOfPage(`${html}<script type="module" src="/page.js"></script>`, files);
}

describe.skipIf(chromium === undefined)('in Chromium (skipped where there is none)', () => {
  let found: PageResult;
  beforeAll(async () => {
    found = await results<PageResult>();
  }, 180_000);

  it('trains and scores as Node does with WebAssembly, to the bit', async () => {
    const inThisThread: Platform = { trainingRuntime: wasmRuntime, scoringRuntime: wasmRuntime };
    const { scored } = await trainAndScore(inThisThread);
    expect(found.scored).toEqual(scored);
    expect(Math.min(...scored.score.slice(-3))).toBeGreaterThan(
      Math.max(...scored.score.slice(0, -3)),
    );
  });

  it('scores the same in three workers, with a model that was loaded', () => {
    expect(found.loaded).toEqual(found.scored);
  });

  it('scores as Node does natively, but for rounding', async () => {
    const native: Platform = { trainingRuntime: nativeRuntime, scoringRuntime: nativeRuntime };
    await using detector = await Detector.fromBytes(Uint8Array.from(found.model), native);
    const { score } = await scoresOf(detector);
    score.forEach((value, row) => {
      const theirs = found.scored.score[row]!;
      expect(Math.abs(value - theirs)).toBeLessThanOrEqual(1e-5 * Math.abs(value));
    });
  });

  it('says what is not served, and what to import', () => {
    const { engine, otherFile, worker } = found.failures;
    expect(engine).toMatchObject({
      code: 'runtime/unavailable',
      message: expect.stringMatching(
        /expected at http.*\/absent\.wasm; the answer 404 came/,
      ) as string,
    });
    expect(otherFile).toMatchObject({
      message: expect.stringMatching(/something else came/) as string,
    });
    expect(worker).toMatchObject({ code: 'runtime/process-lost' });
    expect(found.unlikely).toEqual({
      code: 'usage/invalid',
      help: "Import from 'unlikely/browser' instead.",
    });
  });

  it('works where the browser has no `await using`', async () => {
    const { count } = await results<{ count: number }>(withoutSymbols);
    expect(count).toBe(1000);
  }, 180_000);
});
