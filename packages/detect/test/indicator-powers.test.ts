import { writeModel } from '@unlikely/graph';
import type { Field } from '@unlikely/data';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../src/modality/table/configuration.ts';
import { indicatorPowers } from '../src/modality/table/likelihood/indicator-powers.ts';
import { scoringProgram } from '../src/modality/table/score/scoring-program.ts';
import { binary, categorical, numeric } from './support/fields.ts';
import { float64, runProgram } from './support/run-graph.ts';
import { rowsOf } from './support/rows.ts';
import { coreOf } from './support/small-model.ts';

const fields: Field[] = [numeric('n'), categorical('k', ['x', 'y', 'z']), binary('b')];
const rows = Array.from({ length: 60 }, (_, row) => [Math.sin(row), row % 3, row % 2]);

const powersOf = (
  chosen: readonly Field[],
  table: readonly (readonly number[])[],
  options: Partial<Configuration> = {},
): number[] => {
  const { blocks, features } = coreOf(chosen, rowsOf(table), options);
  return [...indicatorPowers(blocks, features)];
};

describe('the power of indicators', () => {
  it('is the root of numbers by indicators', () => {
    const power = Math.fround(Math.sqrt(1 / 6));
    expect(powersOf(fields, rows)).toEqual([1, power, power, power, power, power, power]);
  });

  it('is 1 where numbers are as many, and where there are none', () => {
    const many = [numeric('a'), numeric('c'), binary('b')];
    expect(powersOf(many, rows)).toEqual([1, 1, 1, 1]);
    expect(powersOf([binary('a'), binary('b')], rows)).toEqual([1, 1, 1, 1]);
  });

  it('is 1 for probabilities and for squared errors', () => {
    const likelihoods = { categorical: 'categorical', binary: 'bernoulli' } as const;
    const own = { likelihoods: likelihoods as Configuration['likelihoods'] };
    expect(new Set(powersOf(fields, rows, own))).toEqual(new Set([1]));
    expect(new Set(powersOf(fields, rows, { model: 'autoencoder' }))).toEqual(new Set([1]));
    const mixed = powersOf(fields, rows, {
      likelihoods: { binary: 'bernoulli' } as Configuration['likelihoods'],
    });
    expect(mixed).toEqual([1, 0.5, 0.5, 0.5, 0.5, 1, 1]);
  });

  it('weighs what a field contributes, before the limit, and leaves numbers alone', async () => {
    const limit = 1;
    const core = coreOf(fields, rowsOf(rows), {
      members: 1,
      samples: 0,
      deviationFloor: 0.3,
      score: 'reconstruction-probability',
      contributionLimit: limit,
    });
    // Without weights every feature is expected at its mean, with one precision.
    const theta = new Float32Array(core.parameterCount);
    const precision = 1 + 1 / (1 + Math.exp(-2 * Math.log(0.3))) / 0.3 ** 2;
    const surprise = (x: number): number =>
      0.5 * (x ** 2 * precision - Math.log(precision) + Math.log(2 * Math.PI));
    const graph = scoringProgram({
      core,
      theta,
      storedCodes: undefined,
      neutral: new Float32Array(fields.length),
    });
    // The last row holds categories that were never seen.
    const asked = [...rows.slice(0, 6), [0.5, 3, 2]];
    const found = await runProgram(writeModel(graph), {
      rows: float64(asked.flat(), asked.length, fields.length),
    });
    const wanted = asked.flatMap((row) =>
      fields.map((_, field) => {
        const own = core.features.filter((feature) => feature.field === field);
        const evidence = own.reduce((sum, { category, mean, deviation }) => {
          const raw = category === undefined ? row[field]! : Number(row[field] === category);
          return sum + surprise((raw - mean) / deviation);
        }, 0);
        const weighed = evidence * (field === 0 ? 1 : Math.sqrt(1 / 6));
        return weighed <= limit ? weighed : limit + Math.log(1 + weighed - limit);
      }),
    );
    expect(found['contribution']).toHaveLength(wanted.length);
    wanted.forEach((value, at) => expect(found['contribution']![at]).toBeCloseTo(value, 4));
    expect(wanted.some((value) => value > limit)).toBe(true);
  });
});
