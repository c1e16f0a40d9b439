import fc from 'fast-check';
import { fillNormal, RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { rowOrderWords } from '../src/calibrate/row-order.ts';
import { saferScores } from '../src/calibrate/safer-scores.ts';

const normals = (count: number, seed: number, shift = 0): Float64Array => {
  const values = new Float32Array(count);
  fillNormal(values, new RandomStream(seed, 'scores'), 0);
  return Float64Array.from(values, (value) => value + shift);
};

describe('calibration scores beside blocks of rows', () => {
  it('stay as they are, but in order, where blocks are like rows at random', () => {
    let raised = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const scores = normals(300, seed);
      const held = [1, 2, 3].map((part) => ({
        block: normals(400, 1000 * part + seed),
        random: normals(300, 5000 * part + seed),
      }));
      const safer = saferScores(scores, held);
      if (safer.raisedBy.length > 0) raised++;
      else expect(safer.scores).toEqual(scores.slice().sort());
    }
    // 150 blocks at three rates, each with one chance in a thousand.
    expect(raised).toBeLessThanOrEqual(3);
  });

  it('rise by what a block lies above rows at random', () => {
    const scores = normals(2000, 1);
    const random = normals(2000, 2);
    const held = [
      { block: normals(2000, 3), random },
      { block: normals(2000, 4, 3), random },
    ];
    const { scores: raised, flagged, raisedBy } = saferScores(scores, held);
    expect(raisedBy).toEqual([1]);
    expect(flagged[0]).toBeLessThan(0.03);
    expect(flagged[1]).toBeGreaterThan(0.6);
    const ascending = scores.slice().sort();
    const shifts = raised.map((score, index) => score - ascending[index]!);
    expect(shifts[1000]).toBeCloseTo(3, 0);
    expect(shifts[1980]).toBeCloseTo(3, 0);
  });

  it('never fall, and stay ascending', () => {
    const some = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(some, some, some, (scores, block, random) => {
        const safer = saferScores(Float64Array.from(scores), [
          { block: Float64Array.from(block), random: Float64Array.from(random) },
        ]);
        const ascending = Float64Array.from(scores).sort();
        safer.scores.forEach((score, index) => {
          expect(score).toBeGreaterThanOrEqual(ascending[index]!);
          if (index > 0) expect(score).toBeGreaterThanOrEqual(safer.scores[index - 1]!);
        });
      }),
    );
  });

  it('are told in words', () => {
    const block = (from: number, to: number, flagged: number | null, raises: boolean): object => ({
      from,
      to,
      flagged,
      raises,
    });
    const words = (...blocks: object[]): string | undefined =>
      rowOrderWords({ rate: 0.01, blocks } as Parameters<typeof rowOrderWords>[0]);
    expect(words(block(0, 0.1, 0.02, false))).toBeUndefined();
    expect(words(block(0, 0.1, 0.02, false), block(0.8, 1, 0.04, true))).toBe(
      'of the last 20 % of the rows 4 % score as high as 1 % of rows at random',
    );
    expect(words(block(0, 0.1, null, true))).toBe(
      'the first 10 % of the rows score higher than rows at random',
    );
  });
});
