import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../src/metric/area-under-roc.ts';
import { averagePrecision } from '../src/metric/average-precision.ts';
import { calibrationCurve } from '../src/metric/calibration-curve.ts';
import { bestF1Threshold, confusionAt } from '../src/metric/confusion.ts';
import type { Confusion } from '../src/metric/confusion.ts';
import { precisionRecallCurve, rocCurve } from '../src/metric/curve.ts';
import { midranks, rankCorrelation } from '../src/metric/rank-correlation.ts';

/** Rows with many ties; the first two have different labels unless `oneClass`. */
const labelled = fc
  .array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.boolean()), { maxLength: 40 })
  .map((rows) => ({
    scores: Float64Array.from([0, 1, ...rows.map(([score]) => score)]),
    labels: Uint8Array.from([0, 1, ...rows.map(([, label]) => Number(label))]),
  }));

function check<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed: 1 });
}

describe('area under the ROC curve', () => {
  it('is the share of pairs in order, ties one half', () => {
    check(labelled, ({ scores, labels }) => {
      let pairs = 0;
      let inOrder = 0;
      scores.forEach((high, i) =>
        scores.forEach((low, j) => {
          if (labels[i] !== 1 || labels[j] !== 0) return;
          pairs++;
          inOrder += high > low ? 1 : high === low ? 0.5 : 0;
        }),
      );
      expect(areaUnderRoc(scores, labels)).toBe(inOrder / pairs);
    });
  });

  it('depends on the order of the scores only', () => {
    check(labelled, ({ scores, labels }) => {
      expect(
        areaUnderRoc(
          scores.map((s) => Math.exp(s) - 7),
          labels,
        ),
      ).toBe(areaUnderRoc(scores, labels));
    });
  });

  it('of the negated scores is one minus it', () => {
    check(labelled, ({ scores, labels }) => {
      expect(
        areaUnderRoc(
          scores.map((s) => -s),
          labels,
        ),
      ).toBeCloseTo(1 - areaUnderRoc(scores, labels)!, 12);
    });
  });

  it('orders infinities', () => {
    const scores = Float64Array.of(-Infinity, Infinity, Infinity, 0);
    expect(areaUnderRoc(scores, Uint8Array.of(0, 1, 0, 0))).toBeCloseTo(2.5 / 3, 12);
  });
});

describe('average precision', () => {
  it('is 1 when every anomaly is above every normal row', () => {
    expect(averagePrecision(Float32Array.of(1, 2, 3), Uint8Array.of(0, 1, 1))).toBe(1);
  });

  it('of constant scores is the share of anomalies', () => {
    check(labelled, ({ scores, labels }) => {
      const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
      expect(averagePrecision(scores.fill(3), labels)).toBeCloseTo(share, 12);
    });
  });

  it('depends on neither the order of the rows nor their number type', () => {
    check(labelled, ({ scores, labels }) => {
      expect(averagePrecision(scores.slice().reverse(), labels.slice().reverse())).toBe(
        averagePrecision(Float32Array.from(scores), labels),
      );
    });
  });
});

describe('curves', () => {
  it('have the rates of their thresholds', () => {
    check(labelled, ({ scores, labels }) => {
      for (const point of rocCurve(scores, labels)!) {
        const confusion = confusionAt(scores, labels, point.threshold);
        expect(confusion.falsePositiveRate).toBe(point.falsePositiveRate);
        expect(confusion.recall).toBe(point.truePositiveRate);
      }
      for (const point of precisionRecallCurve(scores, labels)!) {
        const confusion = confusionAt(scores, labels, point.threshold);
        expect(confusion.precision ?? 1).toBe(point.precision);
        expect(confusion.recall).toBe(point.recall);
      }
    });
  });

  it('keep their ends, their order and nearly their area when thinned', () => {
    const rows = 20_000;
    const scores = Float64Array.from({ length: rows }, (_, row) => Math.sin(row * 12.9898) * 1e4);
    const labels = Uint8Array.from(scores, (s, row) => Number(s > 0 && row % 3 === 0));
    const curve = rocCurve(scores, labels)!;
    expect(curve.length).toBeLessThanOrEqual(500);
    expect(curve.length).toBeGreaterThan(100);
    expect(curve[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 });
    expect(curve.at(-1)).toEqual({
      threshold: -Infinity,
      falsePositiveRate: 1,
      truePositiveRate: 1,
    });
    let area = 0;
    for (let i = 1; i < curve.length; i++) {
      const [a, b] = [curve[i - 1]!, curve[i]!];
      expect(b.threshold).toBeLessThan(a.threshold);
      area +=
        ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) /
        2;
    }
    expect(area).toBeCloseTo(areaUnderRoc(scores, labels)!, 3);
    expect(precisionRecallCurve(scores, labels)!.length).toBeLessThanOrEqual(500);
  });
});

describe('confusion', () => {
  it('counts by hand', () => {
    const at = confusionAt(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 1, 0, 1), 2);
    expect(at).toEqual({
      threshold: 2,
      truePositives: 1,
      falsePositives: 1,
      trueNegatives: 1,
      falseNegatives: 1,
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      accuracy: 0.5,
      falsePositiveRate: 0.5,
    });
  });

  it('has null for ratios without a denominator', () => {
    const at = confusionAt(Float64Array.of(1, 2), Uint8Array.of(0, 0), 5);
    expect(at).toMatchObject({ precision: null, recall: null, f1: null, falsePositiveRate: 0 });
  });

  it('is at its best F1 at the best F1 threshold', () => {
    check(labelled, ({ scores, labels }) => {
      const best = bestF1Threshold(scores, labels)!;
      for (const threshold of [-Infinity, ...scores]) {
        expect(confusionAt(scores, labels, threshold).f1 ?? 0).toBeLessThanOrEqual(best.f1!);
      }
    });
  });
});

describe('rank correlation', () => {
  it('is 1 with any monotone map of itself, -1 with its negation', () => {
    check(fc.uniqueArray(fc.integer({ min: -99, max: 99 }), { minLength: 2 }), (list) => {
      const scores = Float64Array.from(list);
      expect(rankCorrelation(scores, scores.map(Math.cbrt))).toBeCloseTo(1, 12);
      expect(
        rankCorrelation(
          scores,
          scores.map((s) => -s),
        ),
      ).toBeCloseTo(-1, 12);
    });
  });

  it('gives ties the mean of their ranks', () => {
    expect([...midranks(Float64Array.of(5, 1, 5, 0))]).toEqual([3.5, 2, 3.5, 1]);
  });

  it('is undefined for a constant', () => {
    expect(rankCorrelation(Float64Array.of(1, 1), Float64Array.of(1, 2))).toBeNull();
  });
});

describe('calibration curve', () => {
  const uniform = Float64Array.from({ length: 1000 }, (_, row) => (row + 1) / 1000);

  it('finds the promise kept by uniform p-values', () => {
    const curve = calibrationCurve(uniform, [0.01, 0.1])!;
    expect(curve.map(({ flagged, observed, holds }) => ({ flagged, observed, holds }))).toEqual([
      { flagged: 10, observed: 0.01, holds: true },
      { flagged: 100, observed: 0.1, holds: true },
    ]);
    expect(curve[0]!.bound).toBeGreaterThan(0.01);
  });

  it('finds it broken by p-values that are too small, and allows more for few calibration rows', () => {
    const halved = uniform.map((p) => p / 2);
    expect(calibrationCurve(halved, [0.1])![0]!.holds).toBe(false);
    const few = calibrationCurve(uniform, [0.01, 0.1], { calibrationRows: 50 })!;
    expect(few).toHaveLength(1);
    expect(few[0]!.bound).toBeGreaterThan(calibrationCurve(uniform, [0.1])![0]!.bound);
  });
});

describe('metrics of impossible input', () => {
  const one = Float64Array.of(1, 2);

  it.each([
    ['areaUnderRoc', areaUnderRoc],
    ['averagePrecision', averagePrecision],
    ['rocCurve', rocCurve],
    ['precisionRecallCurve', precisionRecallCurve],
    ['bestF1Threshold', bestF1Threshold],
  ] as const)('%s is null for one class or no rows and rejects the rest', (_, metric) => {
    expect(metric(one, Uint8Array.of(0, 0))).toBeNull();
    expect(metric(one, Uint8Array.of(1, 1))).toBeNull();
    expect(metric(new Float64Array(0), new Uint8Array(0))).toBeNull();
    const code = expect.objectContaining({ code: 'metric/invalid-input' });
    expect(() => metric(one, Uint8Array.of(1))).toThrow(code);
    expect(() => metric(one, Uint8Array.of(1, 2))).toThrow(code);
    expect(() => metric(Float64Array.of(1, NaN), Uint8Array.of(1, 0))).toThrow(code);
  });
});

describe('the weight of normal rows', () => {
  it('counts each for as many as if it stood there as often', () => {
    check(fc.tuple(labelled, fc.integer({ min: 1, max: 5 })), ([{ scores, labels }, times]) => {
      const rows = [...scores.keys()].flatMap((row) =>
        Array.from({ length: labels[row] === 0 ? times : 1 }, () => row),
      );
      const repeated = {
        scores: Float64Array.from(rows, (row) => scores[row]!),
        labels: Uint8Array.from(rows, (row) => labels[row]!),
      };
      expect(averagePrecision(scores, labels, times)).toBeCloseTo(
        averagePrecision(repeated.scores, repeated.labels)!,
        10,
      );
      const ratios = ({ precision, recall, f1, accuracy, falsePositiveRate }: Confusion) =>
        [precision, recall, f1, accuracy, falsePositiveRate].map((ratio) => ratio ?? -1);
      for (const threshold of [-2, 0, 1]) {
        ratios(confusionAt(scores, labels, threshold, times)).forEach((ratio, index) => {
          const whole = ratios(confusionAt(repeated.scores, repeated.labels, threshold));
          expect(ratio).toBeCloseTo(whole[index]!, 10);
        });
      }
      const best = bestF1Threshold(scores, labels, times)!;
      expect(best.threshold).toBe(bestF1Threshold(repeated.scores, repeated.labels)!.threshold);
      const precisions = (of: typeof repeated, weight: number): number[] =>
        precisionRecallCurve(of.scores, of.labels, weight)!.map(({ precision }) => precision);
      precisions({ scores, labels }, times).forEach((precision, index) =>
        expect(precision).toBeCloseTo(precisions(repeated, 1)[index]!, 10),
      );
    });
  });
});
