import { describe, expect, it } from 'vitest';
import { targets } from './fuzz/targets.ts';

/** Of each target; `npm run fuzz` goes on with others. */
const seeds = 60;

describe('what strangers bring is read or refused, in time and in words', () => {
  it.each(targets)(
    '$name',
    async (target) => {
      for (let seed = 0; seed < seeds; seed++)
        await expect(target.once(seed)).resolves.toBeUndefined();
    },
    240_000,
  );
});
