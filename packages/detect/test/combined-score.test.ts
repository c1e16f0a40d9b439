import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream, writeModel } from '@unlikely/graph';
import type { ModelCore } from '../src/modality/table/core.ts';
import { evidenceKinds, scaleOf, unitScale } from '../src/modality/table/score/evidence.ts';
import type { Evidence, EvidenceScale } from '../src/modality/table/score/evidence.ts';
import type { ScoreKind } from '../src/modality/table/score-kind.ts';
import { storeCodes } from '../src/score/aggregate-posterior.ts';
import { scoringProgram } from '../src/modality/table/score/scoring-program.ts';
import { foldOf } from '../src/modality/table/train/folds.ts';
import { binary, categorical, numeric } from './support/fields.ts';
import { rowsOf } from './support/rows.ts';
import { float64, runProgram } from './support/run-graph.ts';
import { coreOf, randomTheta } from './support/small-model.ts';

const stream = new RandomStream(4, 'combined');
const normals = (count: number): number[] => Array.from({ length: count }, () => stream.normal());
const table = Array.from({ length: 30 }, () => [3 + 2 * stream.normal(), stream.normal()]);
const rows = [...table.slice(0, 6), [40, -1], [NaN, 0.5]];
const setup = { encoderSizes: [5], members: 2, samples: 3, contributionLimit: 4 } as const;
const fields = [numeric('a'), numeric('b')];
const latentSize = 2;
const stored = 9;
const codes = storeCodes(
  Float32Array.from(normals(2 * stored * latentSize)),
  Float32Array.from(normals(2 * stored * latentSize), (value) => value / 3 - 1),
  [2, stored, latentSize],
  0.01,
);
const storedRows = { count: 7, data: Float32Array.from(normals(14)) };
const scale: EvidenceScale = {
  range: Float32Array.of(2, 1.5, 0.3, 1.25, 0.5, 0.8),
  usual: Float32Array.of(1.2, 0.9, 0.2, 0.1),
};

type Found = Record<string, number[]>;

async function run(
  core: ModelCore,
  values: readonly (readonly number[])[],
  evidence: Evidence,
): Promise<Found> {
  const neutral = new Float32Array(core.fields.length);
  const theta = randomTheta(core, 3, 0.6);
  const graph = scoringProgram({ core, theta, storedCodes: codes, evidence, neutral });
  const feeds = { rows: float64(values.flat(), values.length, core.fields.length) };
  return runProgram(writeModel(graph), feeds);
}

const coreWith = (score: ScoreKind): ModelCore =>
  coreOf(fields, rowsOf(table), { ...setup, latentSize, deviationFloor: 0.3, score });

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const limited = (x: number): number => (x <= 4 ? x : 4 + Math.log(x - 3));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('the combined score', () => {
  it('weighs reconstruction probability, latent score and the nearest stored row', async () => {
    const core = coreWith('combined');
    const found = await run(core, rows, { storedRows, scale });
    const complete = rows.slice(0, 7);
    const [surprise, latent] = [
      await run(coreWith('reconstruction-probability'), complete, { storedRows, scale }),
      await run(coreWith('latent'), complete, { storedRows, scale }),
    ];
    complete.forEach((row, index) => {
      const x = core.features.map(({ field, mean, deviation }) => (row[field]! - mean) / deviation);
      const distances = Array.from({ length: storedRows.count }, (_, n) =>
        x.map((value, j) => 0.5 * (value - storedRows.data[2 * n + j]!) ** 2),
      );
      const nearest = distances.reduce((best, own) => (sum(own) < sum(best) ? own : best));
      const evidence = [
        surprise['score']![index]!,
        latent['score']![index]!,
        sum(nearest.map(limited)),
      ];
      evidence.forEach((value, kind) => {
        expect(found['evidence']![3 * index + kind]).toBeCloseTo(value, 3);
      });
      const u = evidence.map((value, kind) =>
        softplus((value - scale.range[kind]!) / scale.range[3 + kind]! + 2),
      );
      const wanted = scale.range[3]! * sum(u.map((value) => value ** 4)) ** 0.25;
      expect(Math.abs(found['score']![index]! / wanted - 1)).toBeLessThan(1e-4);
    });
  });

  it('is the exact sum of its shares, with missing values too, which add nothing', async () => {
    const found = await run(coreWith('combined'), rows, { storedRows, scale });
    found['score']!.forEach((value, row) => {
      const own = found['contribution']!.slice(2 * row, 2 * row + 2);
      expect(value).toBe(sum(own) + found['latent_share']![row]! + found['usual_share']![row]!);
      expect(Number.isFinite(value)).toBe(true);
    });
    expect(found['contribution']!.at(-2)).toBe(0);
  });

  it('shares out by its slopes: more evidence of a field raises the score by its contribution', async () => {
    // Reconstruction alone varies where nothing else counts.
    const alone: EvidenceScale = {
      range: Float32Array.of(0, 1e6, 1e6, 1, 1, 1),
      usual: new Float32Array(4),
    };
    const found = await run(coreWith('combined'), rows.slice(0, 7), { storedRows, scale: alone });
    for (let row = 0; row < 7; row++) {
      const surprise = found['evidence']![3 * row]!;
      // u = softplus(e + 2), so s = u and w = σ(e + 2).
      const slope = 1 / (1 + Math.exp(-surprise - 2));
      expect(found['score']![row]).toBeCloseTo(softplus(surprise + 2), 4);
      for (let field = 0; field < 2; field++) {
        expect(found['contribution']![2 * row + field]).toBeCloseTo(
          slope * found['reconstruction_evidence']![2 * row + field]!,
          4,
        );
      }
    }
  });

  it('says 0 of the distance to a stored row itself, for fields with categories too', async () => {
    const mixed = [numeric('n'), categorical('k', ['x', 'y', 'z']), binary('b')];
    const values = Array.from({ length: 40 }, (_, row) => [Math.sin(row), row % 3, 1 + (row % 2)]);
    const core = coreOf(mixed, rowsOf(values), { ...setup, latentSize, score: 'combined' });
    const data = new Float32Array(values.length * core.features.length);
    values.forEach((row, index) => {
      core.features.forEach(({ field, category, mean, deviation }, j) => {
        const raw = category === undefined ? row[field]! : Number(row[field] === category);
        data[index * core.features.length + j] = (raw - mean) / deviation;
      });
    });
    const found = await run(core, values, {
      storedRows: { count: values.length, data },
      scale: unitScale(3),
    });
    expect(Math.max(...found['neighbour_evidence']!)).toBeLessThan(1e-9);
  });
});

describe('the scale of evidence', () => {
  it('has the median and the distance to the 90 % quantile, never below what means nothing', () => {
    const evidence = Float64Array.from(
      { length: 3 * 11 },
      (_, index) => [10 * Math.floor(index / 3), 5, 0.5][index % 3]!,
    );
    const shares = new Float32Array(22).map((_, index) => index);
    const { range, usual } = scaleOf(evidence, [shares, shares], 2, 0.25);
    expect([...range]).toEqual([50, 5, 0.5, 40, Math.fround(0.1), 0.25]);
    expect([...usual]).toEqual([10, 11, 10, 11]);
    expect(evidenceKinds).toHaveLength(3);
  });
});

describe('folds', () => {
  it('lie within the rows, are of one size, and spread from the first row to the last', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 5000 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (count, members, foldShare) => {
          const folds = Array.from({ length: members }, (_, member) =>
            foldOf({ members, foldShare }, count, member),
          );
          const size = Math.max(1, Math.floor(foldShare * count));
          folds.forEach(({ start, end }) => {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end - start).toBe(size);
            expect(end).toBeLessThanOrEqual(count);
          });
          expect(folds[0]!.start).toBe(0);
          if (members > 1) expect(folds.at(-1)!.end).toBe(count);
        },
      ),
    );
  });
});
