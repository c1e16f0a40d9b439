import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, moments, quantile } from '../src/statistics.ts';

const numbers = fc.float64Array({
  minLength: 1,
  maxLength: 40,
  noNaN: true,
  noDefaultInfinity: true,
  min: -1e6,
  max: 1e6,
});

describe('statistics', () => {
  it('a quantile is a value at its place and lies between its neighbours elsewhere', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const ascending = values.slice().sort();
        expect(quantile(ascending, 0)).toBe(ascending[0]);
        expect(quantile(ascending, 1)).toBe(ascending.at(-1));
        const place = share * (ascending.length - 1);
        const found = quantile(ascending, share);
        expect(found).toBeGreaterThanOrEqual(ascending[Math.floor(place)]! - 1e-9);
        expect(found).toBeLessThanOrEqual(ascending[Math.ceil(place)]! + 1e-9);
      }),
      { seed: 1 },
    );
    expect(quantile([0, 10, 30], 0.75)).toBe(20);
    // An infinite neighbour is no reason for NaN where the place is a whole number.
    expect(quantile([0, 1, Infinity], 0.5)).toBe(1);
  });

  it('moments move with their values and stretch with them', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -99, max: 99 }), (values, by) => {
        const of = moments(values);
        const moved = moments(values.map((value) => 2 * value + by));
        expect(moved.mean).toBeCloseTo(2 * of.mean + by, 5);
        expect(moved.deviation).toBeCloseTo(2 * of.deviation, 3);
      }),
      { seed: 1 },
    );
    expect(moments([2, 4])).toEqual({ mean: 3, deviation: 1 });
    expect([mean([]), moments([]).deviation]).toEqual([0, 0]);
  });
});
