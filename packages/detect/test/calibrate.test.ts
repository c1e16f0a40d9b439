import { readFileSync } from 'node:fs';
import { RandomStream } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertBudgetThreshold, highestRows } from '../src/calibrate/alert-budget.ts';
import { benjaminiHochberg } from '../src/calibrate/benjamini-hochberg.ts';
import { binomialBound } from '../src/calibrate/binomial-bound.ts';
import { conformalRank } from '../src/calibrate/conformal-rank.ts';
import { ConformalCalibration } from '../src/calibrate/conformal-calibration.ts';
import { fewestDiscoveries } from '../src/calibrate/fewest-discoveries.ts';
import { falsePositiveBound } from '../src/calibrate/false-positive-bound.ts';

interface Golden {
  bounds: {
    trials: number;
    rate: number;
    confidence: number;
    calibrationRows: number;
    binomial: number;
    betaBinomial: number | null;
  }[];
  benjaminiHochberg: { pValues: number[]; adjusted: number[] };
}

const golden = JSON.parse(
  readFileSync(new URL('./fixtures/metric-golden.json', import.meta.url), 'utf8'),
) as Golden;

const score = fc.integer({ min: -20, max: 20 }).map((value) => value / 4);
const scores = fc
  .array(score, { minLength: 1, maxLength: 60 })
  .map((list) => Float64Array.from(list));
/** Round fractions are the rates that users ask for, and where rounding goes wrong. */
const rate = fc.oneof(
  fc.constantFrom(0.01, 0.05, 0.1, 0.2, 0.3, 0.7, 0.9),
  fc.double({ min: 0.001, max: 0.999, noNaN: true }),
);

function check<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed: 1, numRuns: 300 });
}

function withCode(code: string): unknown {
  return expect.objectContaining({ code });
}

describe('conformal p-value', () => {
  it('is the definition', () => {
    check(fc.tuple(scores, score), ([calibration, value]) => {
      const atLeast = calibration.filter((other) => other >= value).length;
      expect(new ConformalCalibration(calibration).pValue(value)).toBe(
        (1 + atLeast) / (calibration.length + 1),
      );
    });
  });

  it('does not rise with the score', () => {
    check(fc.tuple(scores, score, score), ([calibration, a, b]) => {
      const conformal = new ConformalCalibration(calibration);
      expect(conformal.pValue(Math.max(a, b))).toBeLessThanOrEqual(
        conformal.pValue(Math.min(a, b)),
      );
    });
  });

  it('is between 1 / (n + 1) and 1, at infinities too', () => {
    const conformal = new ConformalCalibration([1, 2, 3]);
    expect([...conformal.pValues(Float64Array.of(Infinity, -Infinity))]).toEqual([0.25, 1]);
    expect(conformal.smallestRate).toBe(0.25);
  });

  it('does not depend on the order of the calibration rows and leaves them alone', () => {
    const given = Float64Array.of(3, 1, 2);
    expect([...new ConformalCalibration(given).scores]).toEqual([1, 2, 3]);
    expect([...given]).toEqual([3, 1, 2]);
  });
});

describe('conformal threshold', () => {
  it('flags exactly the scores with p <= rate', () => {
    check(fc.tuple(scores, rate, score), ([calibration, asked, value]) => {
      const conformal = new ConformalCalibration(calibration);
      fc.pre(asked >= conformal.smallestRate);
      const threshold = conformal.threshold(asked);
      for (const candidate of [value, ...calibration]) {
        expect(candidate > threshold).toBe(conformal.pValue(candidate) <= asked);
      }
    });
  });

  it('is not moved by the rounding of rate * (n + 1)', () => {
    for (let size = 2; size <= 300; size++) {
      for (let rank = 1; rank < size; rank++) {
        const exact = rank / size;
        expect(conformalRank(size - 1, exact)).toBe(rank);
        if (rank > 1) expect(conformalRank(size - 1, exact * (1 - 2 ** -53))).toBe(rank - 1);
      }
    }
  });

  it('falls as the rate rises', () => {
    check(fc.tuple(scores, rate, rate), ([calibration, a, b]) => {
      const conformal = new ConformalCalibration(calibration);
      fc.pre(Math.min(a, b) >= conformal.smallestRate);
      expect(conformal.threshold(Math.max(a, b))).toBeLessThanOrEqual(
        conformal.threshold(Math.min(a, b)),
      );
    });
  });

  it('refuses a rate that so few rows cannot promise, and says how many can', () => {
    check(fc.tuple(scores, rate), ([calibration, asked]) => {
      const conformal = new ConformalCalibration(calibration);
      fc.pre(asked < conformal.smallestRate);
      let needed = 0;
      try {
        conformal.threshold(asked);
      } catch (error) {
        expect(error).toMatchObject({ code: 'calibrate/too-few' });
        needed = (error as { details: { needed: number } }).details.needed;
      }
      const ramp = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row);
      expect(new ConformalCalibration(ramp(needed)).threshold(asked)).toBe(needed - 1);
      expect(() => new ConformalCalibration(ramp(needed - 1)).threshold(asked)).toThrow(
        withCode('calibrate/too-few'),
      );
    });
  });

  it('names a rate in its help that works', () => {
    const conformal = new ConformalCalibration([1, 2, 3, 4, 5, 6]);
    expect(() => conformal.threshold(0.1)).toThrow(
      expect.objectContaining({ help: expect.stringContaining('at least 0.142858,') }),
    );
    expect(conformal.threshold(0.142858)).toBe(6);
  });

  it.each([0, 1, -0.1, NaN])('refuses the rate %s', (asked) => {
    expect(() => new ConformalCalibration([1, 2]).threshold(asked)).toThrow(
      withCode('calibrate/invalid-input'),
    );
  });
});

describe('the promise', () => {
  /** Scores of normal rows; `levels` makes ties. */
  function draw(stream: RandomStream, rows: number, levels: number): Float64Array {
    return Float64Array.from({ length: rows }, () => Math.floor(stream.uniform() * levels));
  }

  it.each([
    ['without ties', 2 ** 40],
    ['with many ties', 7],
  ])('holds on average over draws %s', (_, levels) => {
    const stream = new RandomStream(3, 'promise', levels);
    const draws = 600;
    const testRows = 50;
    for (const asked of [0.05, 0.2]) {
      let flagged = 0;
      for (let draw_ = 0; draw_ < draws; draw_++) {
        const threshold = new ConformalCalibration(draw(stream, 39, levels)).threshold(asked);
        flagged += draw(stream, testRows, levels).filter((value) => value > threshold).length;
      }
      // Three standard errors of the mean over the draws of a Beta(r, n + 1 - r) rate.
      const error = 3 * Math.sqrt((asked * (1 - asked) * (1 / 41 + 1 / testRows)) / draws);
      expect(flagged / (draws * testRows)).toBeLessThanOrEqual(asked + error);
      if (levels > 100) expect(flagged / (draws * testRows)).toBeGreaterThan(asked - error);
    }
  });

  it('stays within falsePositiveBound as often as the confidence says', () => {
    const stream = new RandomStream(4, 'bound');
    const draws = 1000;
    const bound = falsePositiveBound({
      calibrationRows: 99,
      testRows: 200,
      rate: 0.05,
      confidence: 0.9,
    });
    let within = 0;
    for (let draw_ = 0; draw_ < draws; draw_++) {
      const threshold = new ConformalCalibration(draw(stream, 99, 2 ** 40)).threshold(0.05);
      const flagged = draw(stream, 200, 2 ** 40).filter((value) => value > threshold).length;
      if (flagged <= bound) within++;
    }
    expect(within / draws).toBeGreaterThan(0.87);
    expect(within / draws).toBeLessThan(0.95);
  });
});

describe('large calibration sets', () => {
  const many = Float64Array.from({ length: 25_000 }, (_, row) => row);

  it('are sampled to 10,000 rows, by seed and uniformly', () => {
    const sampled = ConformalCalibration.fromScores(many, 1);
    expect(sampled.scores).toHaveLength(10_000);
    expect(new Set(sampled.scores).size).toBe(10_000);
    expect(ConformalCalibration.fromScores(many, 1).scores).toEqual(sampled.scores);
    expect(ConformalCalibration.fromScores(many, 2).scores).not.toEqual(sampled.scores);
    expect(sampled.threshold(0.5) / many.length).toBeCloseTo(0.5, 1);
  });

  it('are kept whole up to that, and refused by the constructor beyond', () => {
    expect(ConformalCalibration.fromScores(many.subarray(0, 10_000), 1).scores).toEqual(
      many.slice(0, 10_000),
    );
    expect(() => new ConformalCalibration(many)).toThrow(withCode('calibrate/too-many'));
  });

  it('and empty ones and NaN are refused', () => {
    expect(() => new ConformalCalibration([])).toThrow(withCode('calibrate/too-few'));
    expect(() => new ConformalCalibration([1, NaN])).toThrow(withCode('calibrate/invalid-input'));
    expect(() => new ConformalCalibration([1]).pValue(NaN)).toThrow(
      withCode('calibrate/invalid-input'),
    );
  });
});

describe('alert budget', () => {
  it('flags at most the budget, and no lower threshold does', () => {
    check(fc.tuple(scores, fc.nat(70)), ([list, alerts]) => {
      const flagged = (threshold: number): number => list.filter((s) => s > threshold).length;
      const threshold = alertBudgetThreshold(list, alerts);
      expect(flagged(threshold)).toBeLessThanOrEqual(alerts);
      for (const lower of [-Infinity, ...list].filter((s) => s < threshold)) {
        expect(flagged(lower)).toBeGreaterThan(alerts);
      }
    });
  });

  it('is spent to the last alert without ties', () => {
    const list = Float32Array.of(4, 1, 3, 2);
    expect(list.filter((s) => s > alertBudgetThreshold(list, 3))).toHaveLength(3);
  });

  it('highestRows spends it under ties, the earlier row first', () => {
    expect([...highestRows(Float64Array.of(2, 5, 2, 7, 2), 3)]).toEqual([3, 1, 0]);
    check(fc.tuple(scores, fc.nat(70)), ([list, alerts]) => {
      const rows = highestRows(list, alerts);
      expect(rows).toHaveLength(Math.min(alerts, list.length));
      const sorted = Float64Array.from(list).sort().reverse();
      expect([...rows].map((row) => list[row])).toEqual([...sorted.subarray(0, rows.length)]);
    });
  });

  it.each([-1, 1.5, NaN])('refuses %s alerts', (alerts) => {
    expect(() => alertBudgetThreshold(Float64Array.of(1), alerts)).toThrow(
      withCode('calibrate/invalid-input'),
    );
  });
});

describe('Benjamini-Hochberg', () => {
  const pValues = fc
    .array(
      fc.integer({ min: 0, max: 40 }).map((p) => p / 40),
      { maxLength: 30 },
    )
    .map((list) => Float64Array.from(list));

  it('rejects the largest set whose every member is small enough for its size', () => {
    check(fc.tuple(pValues, rate), ([list, asked]) => {
      const candidates = [...list].map((threshold) => [...list].filter((p) => p <= threshold));
      const enough = candidates.filter((set) =>
        set.every((p) => p <= (set.length * asked) / list.length),
      );
      const expected = Math.max(0, ...enough.map((set) => set.length));
      const { flags, rejected } = benjaminiHochberg(list, asked);
      expect(rejected).toBe(expected);
      expect(flags.reduce((sum, flag) => sum + flag, 0)).toBe(expected);
    });
  });

  it('rejects no fewer at a higher rate', () => {
    check(fc.tuple(pValues, rate, rate), ([list, a, b]) => {
      expect(benjaminiHochberg(list, Math.max(a, b)).rejected).toBeGreaterThanOrEqual(
        benjaminiHochberg(list, Math.min(a, b)).rejected,
      );
    });
  });

  it.each([0.01, 0.05, 0.1, 0.3])('rejects at %s what SciPy adjusts to below it', (asked) => {
    const { pValues: list, adjusted } = golden.benjaminiHochberg;
    const { flags, rejected } = benjaminiHochberg(Float64Array.from(list), asked);
    expect([...flags]).toEqual(adjusted.map((p) => Number(p <= asked)));
    expect(rejected).toBeGreaterThan(0);
  });

  it('rejects p-values that are none', () => {
    for (const strange of [NaN, -0.1, 1.1]) {
      expect(() => benjaminiHochberg(Float64Array.of(0.5, strange), 0.1)).toThrow(
        withCode('calibrate/invalid-input'),
      );
    }
  });
});

describe('bounds of false positives', () => {
  it.each(golden.bounds)(
    'equal SciPy for $trials rows, $calibrationRows calibration rows, rate $rate',
    ({ trials, rate: asked, confidence, calibrationRows, binomial, betaBinomial }) => {
      const options = { calibrationRows, testRows: trials, rate: asked, confidence };
      expect(binomialBound(trials, asked, confidence)).toBe(binomial);
      if (betaBinomial === null) {
        expect(() => falsePositiveBound(options)).toThrow(withCode('calibrate/too-few'));
      } else {
        expect(falsePositiveBound(options)).toBe(betaBinomial);
      }
    },
  );

  it('are 0 for no rows and grow with confidence', () => {
    expect(binomialBound(0, 0.5)).toBe(0);
    expect(binomialBound(1000, 0.01, 0.999)).toBeGreaterThan(binomialBound(1000, 0.01, 0.9));
  });

  it('approach the binomial bound as the calibration grows', () => {
    const bound = (calibrationRows: number): number =>
      falsePositiveBound({ calibrationRows, testRows: 500, rate: 0.1 });
    expect(bound(99)).toBeGreaterThan(binomialBound(500, 0.1));
    expect(bound(999_999)).toBe(binomialBound(500, 0.1));
  });
});

describe('discoveryThreshold and fewestDiscoveries', () => {
  const scoresOf = (size: number, seed: number, shift = 0): Float64Array => {
    const stream = new RandomStream(seed);
    // Rounded, so that there are ties.
    return Float64Array.from(
      { length: size },
      () => Math.round(20 * (stream.normal() + shift)) / 20,
    );
  };

  it('flags exactly the rows that the procedure rejects', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 400 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        fc.constantFrom(0.05, 0.1, 0.3, 0.9),
        fc.nat(),
        (calibrationRows, normals, anomalies, asked, seed) => {
          const calibration = new ConformalCalibration(scoresOf(calibrationRows, seed));
          const batch = [...scoresOf(normals, seed + 1), ...scoresOf(anomalies, seed + 2, 4)];
          const scores = Float64Array.from(batch);
          const { flags, rejected } = benjaminiHochberg(calibration.pValues(scores), asked);
          const threshold = calibration.discoveryThreshold(scores, asked);
          expect(Uint8Array.from(scores, (score) => Number(score > threshold))).toEqual(flags);
          const fewest = fewestDiscoveries(calibrationRows, scores.length, asked);
          expect(rejected === 0 || rejected >= fewest).toBe(true);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('names the fewest discoveries: so many extreme rows are flagged, one fewer are not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 9, max: 200 }),
        fc.integer({ min: 1, max: 500 }),
        fc.constantFrom(0.1, 0.2, 0.5),
        (calibrationRows, rows, asked) => {
          const calibration = new ConformalCalibration(new Float64Array(calibrationRows).fill(0));
          const fewest = fewestDiscoveries(calibrationRows, rows, asked);
          const found = (extreme: number): number => {
            const scores = Float64Array.from({ length: rows }, (_, row) => (row < extreme ? 1 : 0));
            return benjaminiHochberg(calibration.pValues(scores), asked).rejected;
          };
          expect(found(fewest)).toBeGreaterThanOrEqual(fewest);
          expect(found(fewest - 1)).toBe(0);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('refuses a rate that no batch could support, and says how many rows would', () => {
    expect(() => fewestDiscoveries(9, 5, 0.1)).not.toThrow();
    expect(() => fewestDiscoveries(8, 5, 0.1)).toThrow(
      expect.objectContaining({ code: 'calibrate/too-few', message: expect.stringMatching(/9/) }),
    );
    const calibration = new ConformalCalibration(scoresOf(8, 1));
    expect(() => calibration.discoveryThreshold(new Float64Array(0), 0.1)).toThrow(
      expect.objectContaining({ code: 'calibrate/too-few' }),
    );
    for (const bad of [0, 1, -0.1, NaN]) {
      expect(() => fewestDiscoveries(100, 5, bad)).toThrow(
        expect.objectContaining({ code: 'calibrate/invalid-input' }),
      );
    }
  });
});
