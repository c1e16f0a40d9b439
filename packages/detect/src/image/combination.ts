import type { StatisticKind } from './statistic.ts';

/** What a term compares: a statistic, or how much there is in an image. */
export type TermSubject = StatisticKind | 'complexity';

/**
 * A score as a weighted sum of statistics on one scale. Each statistic s, or its logarithm, is compared
 * with what held-out normal images of the same complexity c have: v = w · (s − offset − slope · c) / scale.
 */
export interface Combination {
  readonly terms: readonly CombinationTerm[];
}

export interface CombinationTerm {
  readonly statistic: TermSubject;
  /** Whether the logarithm of the statistic is taken. */
  readonly logarithm: boolean;
  readonly offset: number;
  /** Of the complexity; 0 where the score is not corrected for it. */
  readonly slope: number;
  readonly scale: number;
  readonly weight: number;
  /**
   * Unusual in either direction (Nalisnick et al. 2019): what |s − offset − …| / scale is beyond so many
   * deviations, times the weight. Undefined: the statistic counts with its sign.
   */
  readonly foldedBeyond?: number;
}

/** The statistic as it is. */
export function plainTerm(statistic: StatisticKind): CombinationTerm {
  return {
    statistic,
    logarithm: false,
    offset: 0,
    slope: 0,
    scale: 1,
    weight: 1,
  };
}

/** Smallest positive statistic that a logarithm is taken of. */
export const leastStatistic = 1e-12;

/** Statistics of images, one number each. */
export interface MeasuredRows {
  readonly rows: number;
  readonly statistics: Readonly<Record<StatisticKind, Float64Array>>;
  readonly complexity: Float64Array;
}

function transformed(
  { statistics, complexity }: MeasuredRows,
  subject: TermSubject,
  logarithm: boolean,
): Float64Array {
  const values = subject === 'complexity' ? complexity : statistics[subject];
  return logarithm ? values.map((value) => Math.log(Math.max(value, leastStatistic))) : values;
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * What normal images have: the mean, or with `corrected` the least-squares line over the complexity
 * (after Serrà et al. 2020, who subtract the length of the compressed image; here the slope is learnt).
 */
export function fitTerm(
  statistic: TermSubject,
  normal: MeasuredRows,
  options: {
    readonly logarithm: boolean;
    readonly corrected: boolean;
    readonly foldedBeyond?: number;
  },
): CombinationTerm {
  const { logarithm, corrected, foldedBeyond } = options;
  const values = transformed(normal, statistic, logarithm);
  const [centre, about] = [mean(values), mean(normal.complexity)];
  let [covariance, spread] = [0, 0];
  values.forEach((value, row) => {
    const difference = normal.complexity[row]! - about;
    covariance += (value - centre) * difference;
    spread += difference ** 2;
  });
  const slope = corrected && spread > 0 ? covariance / spread : 0;
  const offset = centre - slope * about;
  const residuals = values.map((value, row) => value - offset - slope * normal.complexity[row]!);
  const scale = Math.sqrt(mean(residuals.map((residual) => residual ** 2)));
  return {
    statistic,
    logarithm,
    offset,
    slope,
    scale: scale > 0 ? scale : 1,
    weight: 1,
    ...(foldedBeyond === undefined ? {} : { foldedBeyond }),
  };
}

/** The same with all weights divided by the deviation of the score, which becomes 1. */
export function standardised(combination: Combination, normal: MeasuredRows): Combination {
  const scores = combine(combination, normal);
  const centre = mean(scores);
  const deviation = Math.sqrt(mean(scores.map((score) => (score - centre) ** 2)));
  if (!(deviation > 0)) return combination;
  return { terms: combination.terms.map((term) => ({ ...term, weight: term.weight / deviation })) };
}

/** The scores of images that were measured. */
export function combine({ terms }: Combination, measured: MeasuredRows): Float64Array {
  const scores = new Float64Array(measured.rows);
  for (const { statistic, logarithm, offset, slope, scale, weight, foldedBeyond } of terms) {
    transformed(measured, statistic, logarithm).forEach((value, row) => {
      const standard = (value - offset - slope * measured.complexity[row]!) / scale;
      scores[row]! +=
        weight *
        (foldedBeyond === undefined ? standard : Math.max(0, Math.abs(standard) - foldedBeyond));
    });
  }
  return scores;
}
