import { describe, expect, it } from 'vitest';
import { RandomStream, writeModel } from '@unlikely/graph';
import type { ModelCore } from '../src/modality/table/core.ts';
import { unitScale } from '../src/modality/table/score/evidence.ts';
import type {
  Evidence,
  EvidenceScale,
  RobustGaussian,
} from '../src/modality/table/score/evidence.ts';
import { rootSize } from '../src/modality/table/score/robust-distance.ts';
import type { ScoreKind } from '../src/modality/table/score-kind.ts';
import { storeCodes } from '../src/score/aggregate-posterior.ts';
import { scoringProgram } from '../src/modality/table/score/scoring-program.ts';
import { concentrate } from '../src/modality/table/train/robust-gaussian.ts';
import { binary, numeric } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { float64, runProgram } from './support/run-graph.ts';
import { coreOf, randomTheta } from './support/small-model.ts';

const stream = new RandomStream(6, 'robust');
const normals = (count: number): number[] => Array.from({ length: count }, () => stream.normal());

/** Two related columns, and some rows far off along the direction in which they are related least. */
function contaminated(rows: number, anomalies: number): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => {
    const [a, b] = [stream.normal(), stream.normal()];
    if (row < anomalies) return Float32Array.of(6 + 0.1 * a, -6 + 0.1 * b);
    return Float32Array.of(a, 0.8 * a + 0.6 * b);
  });
}

function product(a: Float32Array | number[], b: Float32Array | number[], size: number): number[] {
  return Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = 0;
    for (let k = 0; k < size; k++) sum += a[i * size + k]! * b[k * size + j]!;
    return sum;
  });
}

function squaredDistance(row: Float32Array, { mean, root }: RobustGaussian): number {
  const [x, y] = [row[0]! - mean[0]!, row[1]! - mean[1]!];
  return (x * root[0]! + y * root[2]!) ** 2 + (x * root[1]! + y * root[3]!) ** 2;
}

describe('the robust Gaussian', () => {
  it('is that of the bulk: far rows neither move nor widen it', () => {
    const rows = contaminated(4000, 800);
    const { mean, root } = concentrate(rows, false);
    for (let at = 0; at < 2; at++) expect(Math.abs(mean[at]!)).toBeLessThan(0.06);
    // Of all rows it would be that of a direction in which the far rows are usual.
    const distances = rows.map((row) => 0.5 * squaredDistance(row, { mean, root }));
    expect(Math.min(...distances.slice(0, 800))).toBeGreaterThan(50);
    expect(Math.max(...distances.slice(800))).toBeLessThan(25);
  });

  it('has a symmetric root of the inverse covariance of the densest three quarters', () => {
    const rows = contaminated(2000, 0);
    const { mean, root } = concentrate(rows, false);
    expect(root[1]).toBeCloseTo(root[2]!, 5);
    const distance = (row: Float32Array): number => squaredDistance(row, { mean, root });
    const dense = rows.toSorted((a, b) => distance(a) - distance(b)).slice(0, 1500);
    const covariance = [0, 0, 0, 0];
    for (const row of dense) {
      for (let at = 0; at < 4; at++) {
        const [i, j] = [at >> 1, at & 1];
        covariance[at]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / dense.length;
      }
    }
    const identity = product(product(root, covariance, 2), root, 2);
    [1, 0, 0, 1].forEach((value, at) => expect(identity[at]).toBeCloseTo(value, 1));
  });

  it('takes columns apart where they are many, and constant columns as they are', () => {
    const rows = Array.from({ length: 500 }, () =>
      Float32Array.of(stream.normal(), 0, 3 * stream.normal()),
    );
    const { root } = concentrate(rows, true);
    const together = concentrate(rows, false);
    [0, 1, 2].forEach((at) => {
      expect(Math.abs(root[at]! / together.root[4 * at]! - 1)).toBeLessThan(0.25);
    });
    expect(root[1]).toBeCloseTo(1 / Math.sqrt(1e-3), 3);
    expect([rootSize(400), rootSize(401)]).toEqual([160_000, 401]);
  });
});

const table = Array.from({ length: 30 }, (_, row) => [
  3 + 2 * stream.normal(),
  stream.normal(),
  1 + (row % 2),
]);
const fields = [numeric('a'), numeric('b'), binary('c')];
const latentSize = 2;
const codes = storeCodes(
  Float32Array.from(normals(2 * 5 * latentSize)),
  Float32Array.from(normals(2 * 5 * latentSize), (value) => value / 3 - 1),
  [2, 5, latentSize],
  0.01,
);
const scale: EvidenceScale = {
  range: Float32Array.of(2, 1.5, 0.3, 1.25, 0.5, 0.8),
  usual: Float32Array.of(1.2, 0.9, 0.3, 0.2, 0.1, 0.4),
};
const gaussian: RobustGaussian = {
  mean: Float32Array.of(0.2, -0.1),
  root: Float32Array.of(1.5, -0.4, -0.4, 2),
};

function coreWith(score: ScoreKind): ModelCore {
  const setup = { encoderSizes: [5], members: 2, samples: 3, latentSize, score } as const;
  return coreOf(fields, rowsOf(table), setup);
}

function run(
  score: ScoreKind,
  rows: readonly (readonly number[])[],
  own: RobustGaussian | undefined = gaussian,
): Promise<Record<string, number[]>> {
  const core = coreWith(score);
  const { features } = core;
  const data = Float32Array.from(normals(7 * features.length));
  const evidence: Evidence = {
    storedRows: { count: 7, data: data.fill(0.5) },
    scale,
    ...(own === undefined ? {} : { gaussian: own }),
  };
  const graph = scoringProgram({
    core,
    theta: randomTheta(core, 3, 0.6),
    storedCodes: codes,
    evidence,
    neutral: new Float32Array(fields.length),
  });
  return runProgram(writeModel(graph), { rows: float64(rows.flat(), rows.length, 3) });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('the robust score', () => {
  const rows = [...table.slice(0, 5), [60, -1, 1]];

  it('is the combined one and half of the squared distance, by its logarithm beyond 30', async () => {
    const { features } = coreWith('robust');
    const [robust, combined] = [await run('robust', rows), await run('combined', rows)];
    rows.forEach((row, index) => {
      const z = [0, 1].map((at) => {
        const { field, mean, deviation } = features[at]!;
        return (row[field]! - mean) / deviation - gaussian.mean[at]!;
      });
      const whitened = [0, 1].map(
        (at) => z[0]! * gaussian.root[at]! + z[1]! * gaussian.root[2 + at]!,
      );
      const distance = 0.5 * sum(whitened.map((value) => value ** 2));
      const counted = distance <= 30 ? distance : 30 + Math.log1p(distance - 30);
      expect(robust['score']![index]! - combined['score']![index]!).toBeCloseTo(counted, 3);
      const share = (field: number): number =>
        robust['contribution']![3 * index + field]! - combined['contribution']![3 * index + field]!;
      whitened.forEach((value, field) => {
        const own = (0.5 * value ** 2 * counted) / distance;
        expect(share(field)).toBeCloseTo(own - 0.5, 3);
      });
      expect(share(2)).toBe(0);
    });
    expect(robust['standard_error']).toEqual(combined['standard_error']);
  });

  it('is the exact sum of its shares, with missing values too, which add nothing', async () => {
    const found = await run('robust', [...rows, [NaN, 0.5, 1], [NaN, NaN, NaN]]);
    found['score']!.forEach((value, row) => {
      const own = found['contribution']!.slice(3 * row, 3 * row + 3);
      expect(value).toBe(sum(own) + found['latent_share']![row]! + found['usual_share']![row]!);
      expect(Number.isFinite(value)).toBe(true);
    });
    expect(found['contribution']!.slice(-3)).toEqual([0, 0, 0]);
    expect(found['contribution']![3 * rows.length]).toBe(0);
  });

  it('takes columns apart by a root of one number each', async () => {
    const diagonal = { mean: gaussian.mean, root: Float32Array.of(1.5, 2) };
    const full = { mean: gaussian.mean, root: Float32Array.of(1.5, 0, 0, 2) };
    const [a, b] = [await run('robust', rows, diagonal), await run('robust', rows, full)];
    a['score']!.forEach((value, row) => expect(value / b['score']![row]!).toBeCloseTo(1, 5));
  });

  it('is the combined one where no column is a number', async () => {
    const categories = [binary('c'), binary('d')];
    const values = [
      [1, 2],
      [2, 1],
      [1, 1],
    ];
    const scored = (score: ScoreKind): Promise<Record<string, number[]>> => {
      const core = coreOf(categories, rowsOf(values), { latentSize, score });
      const graph = scoringProgram({
        core,
        theta: randomTheta(core, 3, 0.6),
        storedCodes: codes,
        evidence: {
          storedRows: { count: 1, data: new Float32Array(core.features.length) },
          scale: unitScale(2),
        },
        neutral: new Float32Array(2),
      });
      return runProgram(writeModel(graph), { rows: float64(values.flat(), 3, 2) });
    };
    expect(await scored('robust')).toEqual(await scored('combined'));
  });
});
