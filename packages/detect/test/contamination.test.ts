import { RandomStream } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateContamination } from '../src/contamination/estimate-contamination.ts';
import { chooseReferenceRows, lowest } from '../src/modality/table/train/choose-reference-rows.ts';
import { rowsOf } from './support/rows.ts';

describe('trimming', () => {
  const scores = fc
    .array(
      fc.integer({ min: -9, max: 9 }).map((value) => value / 2),
      { minLength: 1, maxLength: 80 },
    )
    .map((list) => Float64Array.from(list));
  const shares = fc.constantFrom(0.05, 0.3, 0.5, 0.7, 0.95, 1);

  it('keeps exactly the lowest share, and of equal scores the first', () => {
    fc.assert(
      fc.property(scores, shares, (list, share) => {
        const kept = lowest(list, share);
        expect(kept).toHaveLength(Math.max(1, Math.round(share * list.length)));
        expect(Array.from(kept)).toEqual(Array.from(new Set(kept)).sort((a, b) => a - b));
        const isKept = new Set(kept);
        const highestKept = Math.max(...Array.from(kept, (place) => list[place]!));
        const lastKept = Math.max(...Array.from(kept).filter((p) => list[p] === highestKept));
        list.forEach((value, place) => {
          if (isKept.has(place)) return;
          expect(value).toBeGreaterThanOrEqual(highestKept);
          if (value === highestKept) expect(place).toBeGreaterThan(lastKept);
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('chooses reference rows in random order, and asks for scores only where it trims', async () => {
    const rows = rowsOf(Array.from({ length: 100 }, (_, row) => [row]));
    const choose = (share: number, count: number) =>
      chooseReferenceRows(rows, {
        width: 1,
        count,
        share,
        stream: new RandomStream(1),
        score: async ({ data }) => {
          if (share === 1) throw new Error('not asked for');
          return data.slice();
        },
      });
    const whole = await choose(1, 40);
    expect(whole.rows).toBe(40);
    const trimmed = await choose(0.7, 100);
    expect(Array.from(trimmed.data).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 70 }, (_, row) => row),
    );
    expect(Array.from(trimmed.data)).not.toEqual(Array.from(trimmed.data).sort((a, b) => a - b));
    expect((await choose(0.7, 35)).rows).toBe(35);
  });
});

describe('estimateContamination', () => {
  /** Normal rows that score as `shape` says, and anomalies far above. */
  const mixture = (
    rows: number,
    share: number,
    shape: (normal: number) => number,
    seed: number,
  ): Float64Array => {
    const stream = new RandomStream(seed);
    return Float64Array.from({ length: rows }, (_, row) =>
      row < share * rows ? 40 + 10 * stream.normal() : shape(stream.normal()),
    );
  };
  const shapes: Record<string, (normal: number) => number> = {
    normal: (z) => z,
    'log-normal': (z) => Math.exp(0.5 * z),
  };

  for (const [name, shape] of Object.entries(shapes)) {
    it.each([1, 2, 3, 4, 5])(`is next to nothing for clean ${name} scores, seed %i`, (seed) => {
      const { share, lower } = estimateContamination(mixture(2000, 0, shape, seed), 1);
      expect(share).toBeLessThan(0.01);
      expect(lower).toBeLessThan(0.002);
    });

    it.each([0.01, 0.05, 0.1, 0.2])(`is near %f where anomalies stand apart: ${name}`, (share) => {
      const estimate = estimateContamination(mixture(4000, share, shape, 7), 1);
      expect(Math.abs(estimate.share - share)).toBeLessThan(0.01);
      expect(estimate.lower).toBeLessThanOrEqual(estimate.share);
      expect(estimate.upper).toBeGreaterThanOrEqual(estimate.share);
      expect(estimate.upper - estimate.lower).toBeLessThan(0.08);
    });
  }

  it('depends neither on the order nor on the unit of the scores', () => {
    const scores = mixture(1000, 0.05, (z) => Math.exp(z / 3), 3);
    const expected = estimateContamination(scores, 1);
    expect(estimateContamination(scores.slice().reverse(), 1)).toEqual(expected);
    const scaled = estimateContamination(
      scores.map((score) => 8 * score - 1024),
      1,
    );
    expect(scaled.share).toBeCloseTo(expected.share, 6);
  });

  it('has an answer for scores that are all equal', () => {
    expect(estimateContamination(new Float64Array(50).fill(3), 1)).toEqual({
      share: 0,
      lower: 0,
      upper: 0,
    });
  });
});
