import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';

/** The tests, `--mode wasm` on the other engine wherever a test does not name one itself. */
export const testConfiguration = (mode: string) =>
  ({
    resolve: { conditions: ['unlikely-source'] },
    ssr: { resolve: { conditions: ['unlikely-source'], externalConditions: ['unlikely-source'] } },
    test: {
      include: ['packages/*/test/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
      pool: 'forks',
      // Some tests wait for processes; the default spares a core, half of two.
      maxWorkers: Math.ceil(1.5 * availableParallelism()),
      reporters: [process.stdout.isTTY ? 'default' : 'dot', './test/tally-reporter.ts'],
      // Tests that load the native package themselves; those of telemetry start processes without it.
      env: { ORT_DISABLE_TELEMETRY: '1', ...(mode === 'wasm' && { UNLIKELY_RUNTIME: 'wasm' }) },
      // A focused test would hide all others.
      allowOnly: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }) satisfies ViteUserConfig;

export default defineConfig(({ mode }) => testConfiguration(mode));
