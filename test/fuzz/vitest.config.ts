import { defineConfig } from 'vitest/config';
import { testConfiguration } from '../../vitest.config.ts';

const base = testConfiguration('fuzz');

/** For `npm run fuzz`: the seeds of one target in a process of their own. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/fuzz/run-seeds.ts'], reporters: ['dot'] },
});
