import { RandomStream } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import type { MeasuredRows } from '../../src/modality/image/score/combination.ts';
import { chooseScore } from '../../src/modality/image/power/choose-score.ts';
import { injectionKinds } from '../../src/modality/image/power/inject-anomalies.ts';
import type { InjectionKind } from '../../src/modality/image/power/inject-anomalies.ts';
import { statisticKinds } from '../../src/modality/image/score/statistic.ts';
import type { StatisticKind } from '../../src/modality/image/score/statistic.ts';

type Move = Partial<Record<StatisticKind, number>>;

/** Log-normal statistics of 200 images; `move` shifts some of them by so many deviations. */
function measured(seed: number, move: Move = {}): MeasuredRows {
  const stream = new RandomStream(seed, 'measured');
  const draw = (by: number, exponential: boolean): Float64Array =>
    Float64Array.from({ length: 200 }, () => {
      const value = stream.normal() + by;
      return exponential ? Math.exp(value) : value;
    });
  const statistics = Object.fromEntries(
    statisticKinds.map((kind) => [kind, draw(move[kind] ?? 0, kind !== 'surprise')]),
  ) as Record<StatisticKind, Float64Array>;
  return { rows: 200, statistics, complexity: draw(0, false) };
}

/** Every kind is found by everything, but for the moves of one. */
function injectedWith(odd: Move): Record<InjectionKind, MeasuredRows> {
  const all = Object.fromEntries(statisticKinds.map((kind) => [kind, 4])) as Move;
  return Object.fromEntries(
    injectionKinds.map((kind, index) => [kind, measured(2 + index, index === 0 ? odd : all)]),
  ) as Record<InjectionKind, MeasuredRows>;
}

const usual = 'balanced, corrected, with complexity';
const choose = (odd: Move): ReturnType<typeof chooseScore>['record'] =>
  chooseScore(measured(1), injectedWith(odd), { variational: true, storedImages: true }).record;

describe('the choice of a score', () => {
  it('keeps the usual combination where another one finds its worst kind far better', () => {
    const { name, power, reason } = choose({ surprise: 8, 'local-error': 1 });
    const weakest = (of: string): number => power.find((one) => one.name === of)!.weakest;
    expect(weakest('likelihood, corrected, with complexity')).toBeGreaterThan(weakest(usual) + 0.2);
    expect(weakest(usual)).toBeGreaterThan(0.5);
    expect(name).toBe(usual);
    expect(reason).toMatch(
      /^"balanced, corrected, with complexity", the usual combination, is kept/,
    );
  });

  it('takes the one with the best weakest side where the usual one is blind to a kind', () => {
    const blind = { 'local-error': -1, 'masked-error': -1, 'map-error': -1, surprise: 8 };
    const { name, power, reason } = choose(blind);
    const eligible = power.filter((one) => one.name.endsWith(', corrected, with complexity'));
    expect(power.find((one) => one.name === usual)!.weakest).toBeLessThan(0.5);
    const best = Math.max(...eligible.map(({ weakest }) => weakest));
    expect(best).toBeGreaterThan(0.8);
    expect(eligible.find((one) => one.weakest === best)!.name).toBe(name);
    expect(reason).toMatch(/^The usual combination is blind/);
  });

  it('keeps the usual one where all are blind', () => {
    const lower = Object.fromEntries(statisticKinds.map((kind) => [kind, -2])) as Move;
    expect(choose(lower).name).toBe(usual);
  });
});
