import { readFileSync } from 'node:fs';
import { RandomStream } from '@unlikely/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BaselineName } from '../src/baseline/baseline.ts';
import { baselines } from '../src/baseline/baselines.ts';
import { expectedPathLength } from '../src/baseline/isolation-tree.ts';
import { NeighbourSearch, neighbours } from '../src/baseline/neighbour-search.ts';
import { sampleRows } from '../src/baseline/sample-rows.ts';
import type { Matrix } from '../src/matrix.ts';
import { areaUnderRoc } from '../src/metric/area-under-roc.ts';
import {
  describeBaseline,
  gaussianRows,
  type BaselineContractOptions,
} from './contract/describe-baseline.ts';

const contractOptions: Partial<Record<BaselineName, BaselineContractOptions>> = {
  random: { positional: 'the number belongs to the place of the row, not to its values' },
};

for (const baseline of Object.values(baselines)) {
  describeBaseline(baseline, contractOptions[baseline.name]);
}

it('every baseline is listed under its own name', () => {
  for (const [name, baseline] of Object.entries(baselines)) expect(baseline.name).toBe(name);
});

describe('baselines on the vowels set', () => {
  type Compared = 'principal-components' | 'nearest-neighbours' | 'local-outlier-factor';
  const golden = JSON.parse(
    readFileSync(new URL('./fixtures/baseline-golden.json', import.meta.url), 'utf8'),
  ) as Record<Compared | 'train' | 'test' | 'labels' | 'isolationForestAreas', number[]> & {
    columns: number;
  };
  const matrix = (values: number[]): Matrix => ({
    data: Float32Array.from(values),
    rows: values.length / golden.columns,
    columns: golden.columns,
  });
  const train = matrix(golden.train);
  const test = matrix(golden.test);
  const labels = Uint8Array.from(golden.labels);

  it.each<Compared>(['principal-components', 'nearest-neighbours', 'local-outlier-factor'])(
    '%s scores as scikit-learn does',
    (name) => {
      const scores = baselines[name].fit(train, 1).score(test);
      golden[name].forEach((expected, row) => {
        expect(Math.abs(scores[row]! - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
      });
      expect(areaUnderRoc(scores, labels)).toBeCloseTo(
        areaUnderRoc(Float64Array.from(golden[name]), labels)!,
        6,
      );
    },
  );

  it('isolation-forest has the mean AUROC of scikit-learn', () => {
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const areas = Array.from({ length: 10 }, (_, seed) =>
      areaUnderRoc(baselines['isolation-forest'].fit(train, seed).score(test), labels)!,
    );
    expect(Math.abs(mean(areas) - mean(golden.isolationForestAreas))).toBeLessThan(0.03);
    expect(new Set(areas).size).toBe(10);
  });

  it('random knows nothing', () => {
    const area = areaUnderRoc(baselines.random.fit(train, 1).score(test), labels)!;
    expect(area).toBeGreaterThan(0.35);
    expect(area).toBeLessThan(0.65);
  });
});

describe('principal components', () => {
  it('leave out a direction even where all are needed for the variance', () => {
    const square = { data: Float32Array.of(1, 1, 1, -1, -1, 1, -1, -1), rows: 4, columns: 2 };
    const far = { data: Float32Array.of(9, 9, -9, 9), rows: 2, columns: 2 };
    const scores = baselines['principal-components'].fit(square, 1).score(far);
    expect(scores[0]! + scores[1]!).toBeGreaterThan(1);
  });

  it('of one column are the squared distance from its mean', () => {
    const training = { data: Float32Array.of(1, 3), rows: 2, columns: 1 };
    expect([...baselines['principal-components'].fit(training, 1).score(training)]).toEqual([1, 1]);
  });

  it('hardly change with the seed where rows are sampled', () => {
    const training = gaussianRows(25_000, 3, 1);
    const [a, b] = [1, 2].map((seed) =>
      baselines['principal-components'].fit(training, seed).score(gaussianRows(50, 3, 2)),
    );
    expect(b).not.toEqual(a);
    a!.forEach((score, row) => expect(b![row]).toBeCloseTo(score, 0));
  });
});

describe('neighbour search', () => {
  it('finds what sorting all distances finds', () => {
    const matrices = fc
      .record({
        rows: fc.integer({ min: 1, max: 40 }),
        columns: fc.integer({ min: 1, max: 20 }),
        seed: fc.nat(),
        // Coarse values make ties and duplicates.
        grain: fc.constantFrom(0.001, 1, 4),
        count: fc.integer({ min: 1, max: 8 }),
      })
      .map(({ rows, columns, seed, grain, count }) => {
        const x = gaussianRows(rows + 5, columns, seed);
        const data = x.data.map((value) => Math.round(value / grain) * grain);
        const references = { data: data.slice(5 * columns), rows, columns };
        return { references, x: { data, rows: 5, columns }, count: Math.min(count, rows) };
      });
    fc.assert(
      fc.property(matrices, ({ references, x, count }) => {
        const { columns } = x;
        const search = new NeighbourSearch(references, new RandomStream(1));
        const found = neighbours(count);
        for (let row = 0; row < 5; row++) {
          search.search(x, row, found);
          const all = Float64Array.from({ length: references.rows }, (_, other) => {
            let sum = 0;
            for (let j = 0; j < columns; j++) {
              sum += (x.data[row * columns + j]! - references.data[other * columns + j]!) ** 2;
            }
            return sum;
          }).sort();
          found.squared.forEach((squared, at) => {
            expect(squared).toBeCloseTo(all[at]!, 6);
          });
          expect(new Set(found.places).size).toBe(count);
        }
      }),
      { seed: 1 },
    );
  });

  it('excepts the reference that it searches around', () => {
    const search = new NeighbourSearch(gaussianRows(30, 4, 1), new RandomStream(1));
    const found = neighbours(29);
    for (let place = 0; place < 30; place++) {
      search.searchAround(place, found);
      expect([...found.places].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 30 }, (_, other) => other).filter((other) => other !== place),
      );
    }
  });

  it('keeps at most 5,000 references', () => {
    const search = new NeighbourSearch(gaussianRows(6000, 2, 1), new RandomStream(1));
    expect(search.size).toBe(5000);
  });
});

describe('sampleRows', () => {
  it('draws distinct rows, each equally often', () => {
    const counts = new Float64Array(10);
    for (let draw = 0; draw < 2000; draw++) {
      const sample = sampleRows(10, 4, new RandomStream(1, draw));
      expect(new Set(sample).size).toBe(4);
      for (const row of sample) counts[row]!++;
    }
    // 800 expected; five standard deviations are 110.
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(110);
  });

  it('draws every row when asked for more than there are', () => {
    expect([...sampleRows(6, 9, new RandomStream(1))].sort((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });
});

describe('isolation tree', () => {
  it('expects the path lengths of the paper', () => {
    expect(expectedPathLength(1)).toBe(0);
    expect(expectedPathLength(2)).toBe(1);
    expect(expectedPathLength(256)).toBeCloseTo(10.24477092, 6);
  });
});
