import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleForBrowsers } from './bundle.ts';
import { filesBelow, root } from './repository.ts';

/** Gzipped bytes that a page loads at its start, of what runs in browsers; a raise needs its reason. */
const budgets: readonly (readonly [string, number])[] = [
  ["export { Detector } from '@unlikely/detect'", 75_000],
  ["export { ImageDetector } from '@unlikely/detect'", 75_000],
  ["export * from '@unlikely/graph'", 25_000],
  ["export * from '@unlikely/runtime/web'", 5_000],
];

describe('a bundle for browsers', () => {
  it.each(budgets)(
    'builds %s without a warning, a module of Node or more than %i bytes',
    async (module, most) => {
      const bundle = await bundleForBrowsers(module);
      expect(bundle.warnings).toEqual([]);
      expect(bundle.external).toEqual([]);
      expect(bundle.initialBytes).toBeLessThanOrEqual(most);
    },
  );
});

describe('what is built', () => {
  it('imports no source file, which TypeScript 6.0 leaves in functions with `await using`', () => {
    const built = ['graph', 'runtime', 'data', 'detect', 'report', 'unlikely'].flatMap((name) =>
      filesBelow(`packages/${name}/dist`).filter((file) => file.endsWith('.js')),
    );
    expect(built.length).toBeGreaterThan(100);
    const broken = built.filter((file) =>
      /\bimport\(\s*'\.[^']*\.ts'/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(broken).toEqual([]);
  });
});
