import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { targets } from './targets.ts';

/**
 * Runs seeds of one target until its time is over, for `scripts/fuzz.mjs`. The seed that is tried stands in a
 * file, since what ends the process leaves no other word.
 */
const { FUZZ_TARGET, FUZZ_FROM, FUZZ_SECONDS, FUZZ_STATE } = process.env;
const target = targets.find(({ name }) => name === FUZZ_TARGET)!;
const mostMemory = 3e9;

it(
  target.name,
  async () => {
    const end = performance.now() + 1000 * Number(FUZZ_SECONDS);
    for (let seed = Number(FUZZ_FROM); performance.now() < end; seed++) {
      writeFileSync(FUZZ_STATE!, String(seed));
      await target.once(seed);
      const { rss } = process.memoryUsage();
      if (rss > mostMemory) throw new Error(`seed ${seed}: ${Math.round(rss / 1e6)} MB`);
    }
  },
  1000 * Number(FUZZ_SECONDS) + 300_000,
);
