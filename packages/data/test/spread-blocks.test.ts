import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadBlocks } from '../src/sample/spread-blocks.ts';

describe('spread blocks', () => {
  it('hold the share, in order, apart, at the end of equal parts', () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), share, (rows, part) => {
        const blocks = spreadBlocks(rows, part);
        const sizes = blocks.map(({ start, end }) => end - start);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(Math.round(rows * part));
        expect(blocks.length).toBeLessThanOrEqual(10);
        if (blocks.length > 0) expect(blocks.at(-1)!.end).toBe(rows);
        let last = 0;
        blocks.forEach(({ start, end }, index) => {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(Math.abs(end - ((index + 1) * rows) / blocks.length)).toBeLessThanOrEqual(1);
          expect(sizes[index]).toBeGreaterThan(0);
          last = end;
        });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it.each([0, 1, -0.5, NaN])('refuse a share of %d', (share) => {
    expect(() => spreadBlocks(10, share)).toThrow(
      expect.objectContaining({ code: 'data/wrong-option' }) as Error,
    );
  });
});
