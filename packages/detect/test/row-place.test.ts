import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { VAE } from '@unlikely/detect';
import type { ScoreKind } from '@unlikely/detect';
import { correlatedRows } from './support/rows.ts';
import { platform } from './support/platform.ts';

/** Sizes that are no multiple of what the kernels take at a time. */
const cases: readonly (readonly [ScoreKind, number, readonly number[]])[] = [
  ['combined', 7, [33]],
  ['robust', 7, [33]],
  ['reconstruction-probability', 8, [64, 32]],
  ['elbo', 5, [30, 17]],
  ['aggregate-elbo', 7, [33]],
  ['iwae', 7, [33]],
  ['latent', 3, [20]],
  ['reconstruction-error', 9, [31, 13]],
];

describe('a row gets the same bits in every place', () => {
  it.each(cases)('by %s with %i latent units', async (score, latentSize, encoderSizes) => {
    const [rows, columns] = [400, 30];
    const x = correlatedRows(rows, columns, 4);
    const options = { score, latentSize, encoderSizes, codes: 75, steps: 30, seed: 2 };
    await using vae = new VAE(options, platform);
    await vae.fit(x);
    const order = new RandomStream(5).permutation(rows);
    const data = new Float32Array(x.data.length);
    order.forEach((row, place) => {
      data.set(x.data.subarray(row * columns, (row + 1) * columns), place * columns);
    });
    const first = await vae.reconstructionProbability(x);
    const moved = await vae.reconstructionProbability({ data, rows, columns });
    for (const name of ['score', 'standardError'] as const) {
      expect([...moved[name]]).toEqual(Array.from(order, (row) => first[name][row]!));
    }
  });
});
