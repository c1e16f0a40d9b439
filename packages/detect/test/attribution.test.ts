import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { VAE } from '@unlikely/detect';
import { attribute } from '../src/modality/table/score/attribution.ts';
import type { AttributedBlock } from '../src/modality/table/score/attribution.ts';
import { platform } from './support/platform.ts';
import { correlatedRows, sliceRows } from './support/rows.ts';
import { small } from './support/small-model.ts';

/** Squared distances of all pairs of present values: one value far out makes every field surprise. */
function pairwise(rows: Float64Array, count: number, width: number): AttributedBlock {
  const contribution = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        const distance = (rows[row * width + i]! - rows[row * width + j]!) ** 2 / 2;
        if (!Number.isNaN(distance)) contribution[row * width + i]! += distance;
      }
    }
  }
  const score = Float64Array.from({ length: count }, (_, row) =>
    contribution.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0),
  );
  const mean = (row: number): number => {
    const present = rows
      .subarray(row * width, (row + 1) * width)
      .filter((value) => !Number.isNaN(value));
    return present.reduce((a, b) => a + b, 0) / present.length;
  };
  const expected = contribution.map((_, at) => mean(Math.floor(at / width)));
  return {
    score,
    contribution,
    latent_share: new Float64Array(count),
    usual_share: new Float64Array(count),
    expected,
    lower: expected,
    upper: expected,
  };
}

describe('attribution', () => {
  const width = 5;
  const stream = new RandomStream(1);
  const rows = Float64Array.from({ length: 40 * width }, () => stream.normal());
  for (let row = 0; row < 40; row++) rows[row * width + (row % width)]! += 30;
  const input = {
    encoded: rows,
    block: pairwise(rows, 40, width),
    neutral: new Float32Array(width),
    score: async (data: Float64Array, count: number) => pairwise(data, count, width),
  };

  it('gives the field that is off what all fields lose without it', async () => {
    const found = await attribute(input);
    found.forEach(({ contributions, expected }, row) => {
      const off = row % width;
      const masked = rows.slice(row * width, (row + 1) * width);
      masked[off] = NaN;
      const drop = input.block['score']![row]! - pairwise(masked, 1, width)['score']![0]!;
      expect(contributions.indexOf(Math.max(...contributions))).toBe(off);
      expect(contributions[off]).toBeCloseTo(drop, 9);
      // Half of it was in the contributions of the others.
      expect(
        contributions[off]! / input.block['contribution']![row * width + off]!,
      ).toBeGreaterThan(1.5);
      // What the other values let expect, not the value itself.
      expect(Math.abs(expected[off]!)).toBeLessThan(3);
    });
  });

  it('adds up to the score, changes no input, and is the same for a row alone', async () => {
    const before = rows.slice();
    const found = await attribute(input);
    found.forEach(({ contributions, latent, usual }, row) => {
      const sum = contributions.reduce((a, b) => a + b, latent + usual);
      expect(sum / input.block['score']![row]!).toBeCloseTo(1, 12);
    });
    expect(rows).toEqual(before);
    const single = rows.slice(7 * width, 8 * width);
    const alone = await attribute({ ...input, encoded: single, block: pairwise(single, 1, width) });
    expect(alone[0]).toEqual(found[7]);
  });

  it('never lays anything to a missing value', async () => {
    const holes = rows.map((value, at) => (at % width === 2 ? NaN : value));
    const found = await attribute({ ...input, encoded: holes, block: pairwise(holes, 40, width) });
    for (const { contributions } of found) expect(contributions[2]).toBe(0);
  });

  it('of a trained model adds up, and ranks a shifted column first', async () => {
    const columns = 6;
    const x = correlatedRows(900, columns, 2, 0.15);
    await using vae = new VAE(
      { ...small, latentSize: 3, steps: 600, encoderSizes: [24] },
      platform,
    );
    await vae.fit(sliceRows(x, 0, 700));
    const odd = sliceRows(x, 700, 900);
    odd.data.forEach((_, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      if (column === row % columns) odd.data[at]! += row % 2 === 0 ? 3 : -3;
    });
    const { score } = await vae.reconstructionProbability(odd);
    const found = await vae.explain(odd);
    const right = found.filter(({ contributions, latent, usual }, row) => {
      expect(contributions.reduce((a, b) => a + b, latent + usual)).toBeCloseTo(score[row]!, 6);
      return contributions.indexOf(Math.max(...contributions)) === row % columns;
    });
    expect(right.length / 200).toBeGreaterThanOrEqual(0.95);
  });

  it('is asked of a fitted model', async () => {
    await using vae = new VAE(small, platform);
    await expect(vae.explain(correlatedRows(2, 2, 1))).rejects.toMatchObject({
      code: 'detect/not-fitted',
    });
  });
});
