import { tableFromRecords } from '@unlikely/data';
import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { VAE } from '@unlikely/detect';
import { expectError } from './support/expect-error.ts';
import { platform } from './support/platform.ts';
import { small } from './support/small-model.ts';

const withRecords = { ...platform, tableFromRecords };

/** A plan follows from the age; odd records break that rule. */
function customers(size: number, seed: number, odd: boolean): Record<string, unknown>[] {
  const stream = new RandomStream(seed, 'customers');
  return Array.from({ length: size }, () => {
    const age = 20 + 60 * stream.uniform();
    const senior = age > 50 !== odd;
    return { age, plan: senior ? 'calm' : 'wild', visits: senior ? 2 : 9 + stream.integer(4) };
  });
}

describe('a model on records', () => {
  it('infers the columns, scores, reconstructs and saves', async () => {
    await using vae = new VAE({ ...small, steps: 500, encoderSizes: [24] }, withRecords);
    await vae.fit(customers(800, 1, false));
    const usual = await vae.reconstructionProbability(customers(100, 2, false));
    const odd = await vae.reconstructionProbability(customers(100, 3, true));
    const median = ({ score }: { score: Float64Array }): number => score.toSorted()[50]!;
    expect(median(odd)).toBeGreaterThan(median(usual) + 5);

    const row = { age: 70, plan: 'calm', visits: 2 };
    const [found] = vae.recordsOf(await vae.reconstruct([row]));
    expect(found!['plan']).toBe('calm');
    expect(found!['age']).toBeGreaterThan(50);
    expect(vae.recordsOf(await vae.generate(5))).toHaveLength(5);
  });

  it('takes a missing or unseen value, and refuses records without a column', async () => {
    await using vae = new VAE({ ...small, steps: 50 }, withRecords);
    await vae.fit(customers(200, 1, false));
    const { score } = await vae.reconstructionProbability([
      { age: null, plan: 'calm', visits: 2 },
      { age: 30, plan: 'never seen', visits: 9 },
    ]);
    expect([...score].every(Number.isFinite)).toBe(true);
    await expectError(
      () => vae.reconstructionProbability([{ age: 30, visits: 2 }]),
      'data/missing-column',
    );
  });

  it('says so where the host reads no records', async () => {
    await using vae = new VAE({ ...small, steps: 5 }, platform);
    await expectError(() => vae.fit(customers(50, 1, false)), 'detect/input');
  });
});
