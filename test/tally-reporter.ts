import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed` as the last line of a run, after the skipped tests with their
 * reasons. A module that cannot be loaded and an error outside of any test count as failures.
 * `.ci/run` names a file in `UNLIKELY_TALLY` to add up several runs.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      let testsFailed = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') testsFailed++;
        else console.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}`);
      }
      failed += testsFailed === 0 && module.state() === 'failed' ? 1 : testsFailed;
    }
    const tally = process.env['UNLIKELY_TALLY'];
    if (tally !== undefined) appendFileSync(tally, `${passed} ${failed}\n`);
    console.log(`${passed} passed, ${failed} failed`);
  }
}
