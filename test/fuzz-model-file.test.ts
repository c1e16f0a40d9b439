import { describe, expect, it } from 'vitest';
import { target } from './fuzz/model-file.ts';

describe('damaged and changed files of models and checkpoints', () => {
  it('load and score finite numbers, or are refused with model/…', async () => {
    for (let seed = 0; seed < 60; seed++) {
      await expect(target.once(seed)).resolves.toBeUndefined();
    }
  }, 240_000);
});
