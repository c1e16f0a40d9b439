import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../src/metric/area-under-roc.ts';
import { averagePrecision } from '../src/metric/average-precision.ts';
import { bestF1Threshold } from '../src/metric/confusion.ts';
import { precisionRecallCurve, rocCurve } from '../src/metric/curve.ts';
import { rankCorrelation } from '../src/metric/rank-correlation.ts';

interface MetricCase {
  scores: number[];
  labels: number[];
  other: number[];
  areaUnderRoc: number;
  averagePrecision: number;
  falsePositiveRate: number[];
  truePositiveRate: number[];
  precision: number[];
  recall: number[];
  bestF1: number;
  rankCorrelation: number;
}

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/metric-golden.json', import.meta.url), 'utf8'),
) as { cases: MetricCase[] };

/** Every number within 1e-12 of the golden, which carries all its digits. */
function expectClose(actual: number[], golden: number[]): void {
  expect(actual).toHaveLength(golden.length);
  actual.forEach((value, index) => expect(value).toBeCloseTo(golden[index]!, 12));
}

describe.each(cases)('metrics of $scores.length rows equal scikit-learn and SciPy', (golden) => {
  const scores = Float64Array.from(golden.scores);
  const labels = Uint8Array.from(golden.labels);

  it('area under the ROC curve', () => {
    expect(areaUnderRoc(scores, labels)).toBeCloseTo(golden.areaUnderRoc, 12);
  });

  it('average precision', () => {
    expect(averagePrecision(scores, labels)).toBeCloseTo(golden.averagePrecision, 12);
  });

  it('best F1', () => {
    expect(bestF1Threshold(scores, labels)?.f1).toBeCloseTo(golden.bestF1, 12);
  });

  it('ROC curve', () => {
    const curve = rocCurve(scores, labels)!;
    expectClose(
      curve.map((point) => point.falsePositiveRate),
      golden.falsePositiveRate,
    );
    expectClose(
      curve.map((point) => point.truePositiveRate),
      golden.truePositiveRate,
    );
  });

  it('precision-recall curve', () => {
    const curve = precisionRecallCurve(scores, labels)!;
    expectClose(
      curve.map((point) => point.precision),
      golden.precision,
    );
    expectClose(
      curve.map((point) => point.recall),
      golden.recall,
    );
  });

  it('rank correlation', () => {
    const other = Float64Array.from(golden.other);
    expect(rankCorrelation(scores, other)).toBeCloseTo(golden.rankCorrelation, 12);
  });
});
