import { areaUnderRoc } from '../../../metric/area-under-roc.ts';
import { combine, fitTerm, plainTerm, standardised } from '../score/combination.ts';
import type {
  Combination,
  CombinationTerm,
  MeasuredRows,
  TermSubject,
} from '../score/combination.ts';
import type { ImageScoreKind } from '../score-kind.ts';
import { injectionKinds } from './inject-anomalies.ts';
import type { InjectionKind } from './inject-anomalies.ts';
import { isPositive } from '../score/statistic.ts';
import type { StatisticKind } from '../score/statistic.ts';
import { mean } from '../../../statistics.ts';

/** What a candidate weighs: statistics of the model, all alike, and the nearest image as much as they together. */
interface StatisticSet {
  readonly model: readonly StatisticKind[];
  readonly neighbour: boolean;
}

/**
 * Sets of statistics that `chosen` measures, in three forms each. Raw likelihood and error prefer
 * simple images (Nalisnick et al. 2019; Serrà et al. 2020): what has little in it leaves little to get
 * wrong. Each set has a statistic of places, so that there is always a heat map.
 */
const sets: Readonly<Record<string, StatisticSet>> = {
  balanced: { model: ['local-error', 'masked-error', 'map-error'], neighbour: true },
  likelihood: { model: ['surprise'], neighbour: true },
  detail: { model: ['coarse-error', 'map-error', 'masked-map-error'], neighbour: true },
  content: { model: ['error', 'local-error', 'masked-error', 'latent'], neighbour: true },
  everything: {
    model: [
      'surprise',
      'error',
      'local-error',
      'masked-error',
      'latent',
      'structure',
      'coarse-error',
      'map-error',
      'masked-map-error',
    ],
    neighbour: true,
  },
  neighbour: { model: [], neighbour: true },
  model: { model: ['local-error', 'masked-error', 'map-error'], neighbour: false },
};

/**
 * Only the third form can be chosen. Anomalies that are made of normal images are hardly ever simpler than
 * these, so they cannot show how the others fail: they hold for normal whatever is simple.
 */
const eligible = ', corrected, with complexity';
/**
 * The usual combination that finds a kind no better than this is blind to it. Short of that the injected
 * anomalies do not decide: what finds them better need not find others better.
 */
const chance = 0.5;

/** Deviations below the usual that a statistic can speak for an image. */
const lowest = 2;

/** Statistics that a plain autoencoder has none of. */
export const probabilistic: readonly TermSubject[] = ['latent', 'divergence'];

/** What a model has that candidates need. */
export interface CandidateNeeds {
  readonly variational: boolean;
  /** Images to compare with, and codes of them. */
  readonly storedImages: boolean;
}

/** How a score was chosen, for the manifest. */
export interface ScoreChoiceRecord {
  readonly score: ImageScoreKind;
  /** The name of the combination, e.g. `content, corrected`. */
  readonly name: string;
  /** AUROC against injected anomalies, of each candidate; empty where the score was asked for. */
  readonly power: readonly {
    readonly name: string;
    readonly mean: number;
    /** Against the kind that it finds worst: what the choice goes by. */
    readonly weakest: number;
    readonly byKind: Readonly<Record<InjectionKind, number>>;
  }[];
  /** Why, in words. */
  readonly reason: string;
}

export interface ChosenScore {
  readonly combination: Combination;
  readonly record: ScoreChoiceRecord;
}

/**
 * Keeps the preferred candidate (one statistic of the pixels, one of what does not fit its surroundings,
 * one of the detail, and the nearest image where there is one; corrected, with the complexity) unless there
 * is a kind of injected anomalies that it finds no better than chance; then takes the one whose worst kind
 * is found best, if that one sees them all.
 *
 * @param normal Statistics of reference images, which the networks have not seen.
 * @param injected Of the same images with injected anomalies.
 */
export function chooseScore(
  normal: MeasuredRows,
  injected: Readonly<Record<InjectionKind, MeasuredRows>>,
  has: CandidateNeeds,
): ChosenScore {
  const candidates = candidatesFor(normal, has);
  const preferred = has.storedImages ? `balanced${eligible}` : `model${eligible}`;
  const power = candidates.map(({ name, combination }) => {
    const normalScores = combine(combination, normal);
    const byKind = Object.fromEntries(
      injectionKinds.map((kind) => [
        kind,
        areaOf(normalScores, combine(combination, injected[kind])),
      ]),
    ) as Record<InjectionKind, number>;
    const values = Object.values(byKind);
    return {
      name,
      byKind,
      mean: mean(values),
      weakest: Math.min(...values),
    };
  });
  const strongest = power
    .filter(({ name }) => name.endsWith(eligible))
    .reduce((a, b) => (b.weakest > a.weakest ? b : a));
  const usual = power.find(({ name }) => name === preferred)!;
  const isBlind = usual.weakest <= chance && strongest.weakest > chance;
  const taken = isBlind ? strongest : usual;
  const { combination } = candidates.find(({ name }) => name === taken.name)!;
  return {
    combination,
    record: {
      score: 'chosen',
      name: taken.name,
      power,
      reason: reasonOf(taken, taken.name === preferred),
    },
  };
}

type Power = ScoreChoiceRecord['power'][number];

function reasonOf(taken: Power, isPreferred: boolean): string {
  const found = ({ weakest, mean }: Power): string =>
    `${weakest.toFixed(3)} against the injected anomalies that it finds worst, ${mean.toFixed(3)} on average`;
  return isPreferred
    ? `"${taken.name}", the usual combination, is kept: its AUROC is ${found(taken)}.`
    : `The usual combination is blind to a kind of injected anomalies. "${taken.name}" has the best weakest side: its AUROC is ${found(taken)}.`;
}

/**
 * Every candidate with its name, fitted to reference images: the set as it is; corrected for complexity;
 * and that with the complexity itself where it is beyond two deviations. By the chain rule the third is
 * how unusual the errors are for what is in the image, and how unusual it is that so much is in it: the
 * second alone excuses an image full of noise.
 */
export function candidatesFor(
  normal: MeasuredRows,
  { variational, storedImages }: CandidateNeeds,
): { readonly name: string; readonly combination: Combination }[] {
  const possible = Object.entries(sets).filter(
    ([, { model, neighbour }]) => storedImages || !(neighbour || model.includes('latent')),
  );
  return possible.flatMap(([set, { model, neighbour }]) => {
    const statistics = model.filter((kind) => variational || !probabilistic.includes(kind));
    const [plain, corrected] = [false, true].map((isCorrected) =>
      combinationOf({ model: statistics, neighbour }, normal, isCorrected),
    ) as [Combination, Combination];
    const complexity = fitTerm('complexity', normal, {
      logarithm: false,
      corrected: false,
      foldedBeyond: usualComplexity,
    });
    return [
      { name: set, combination: plain },
      { name: `${set}, corrected`, combination: corrected },
      {
        name: `${set}${eligible}`,
        combination: { terms: [...corrected.terms, complexity] },
      },
    ];
  });
}

/** Deviations of the complexity within which it says nothing. */
const usualComplexity = 2;

function combinationOf(
  { model, neighbour }: StatisticSet,
  normal: MeasuredRows,
  corrected: boolean,
): Combination {
  const term = (statistic: StatisticKind): CombinationTerm =>
    fitTerm(statistic, normal, { logarithm: isPositive[statistic], corrected, lowest });
  const ofModel = standardised({ terms: model.map(term) }, normal);
  const terms = neighbour ? [...ofModel.terms, term('neighbour')] : ofModel.terms;
  return standardised({ terms }, normal);
}

function areaOf(normal: Float64Array, anomalous: Float64Array): number {
  const scores = new Float64Array(normal.length + anomalous.length);
  scores.set(normal);
  scores.set(anomalous, normal.length);
  const labels = new Uint8Array(scores.length).fill(1, normal.length);
  return areaUnderRoc(scores, labels) ?? 0.5;
}

/** The combination of a score that was asked for. */
export const namedScores: {
  readonly [K in Exclude<ImageScoreKind, 'chosen'>]: (normal: MeasuredRows) => Combination;
} = {
  /** −E_q[log p(x|z)] (An & Cho 2015), in nats. */
  'reconstruction-probability': () => ({ terms: [plainTerm('surprise')] }),
  /** The negative evidence lower bound, in nats. */
  elbo: () => ({ terms: [plainTerm('surprise'), plainTerm('divergence')] }),
  'reconstruction-error': () => ({ terms: [plainTerm('error')] }),
  'structural-similarity': () => ({ terms: [plainTerm('structure')] }),
  /** The code under the aggregate posterior. */
  latent: () => ({ terms: [plainTerm('latent')] }),
  'masked-error': () => ({ terms: [plainTerm('masked-error')] }),
  'nearest-image': () => ({ terms: [plainTerm('neighbour')] }),
  /** The likelihood beside that of images with as much in them (after Serrà et al. 2020). */
  'complexity-corrected': (normal) => ({
    terms: [fitTerm('surprise', normal, { logarithm: false, corrected: true })],
  }),
  /** Unusually unlikely or unusually likely (Nalisnick et al. 2019). */
  typicality: (normal) => ({
    terms: [fitTerm('surprise', normal, { logarithm: false, corrected: false, foldedBeyond: 0 })],
  }),
};
