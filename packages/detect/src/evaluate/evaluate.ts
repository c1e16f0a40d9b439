import type { KnownRows } from '../known/known-rows.ts';
import { recognitionOf } from '../known/known-rows.ts';
import { evaluatedLabel } from '../normal-labels.ts';
import type { Labels } from '../normal-labels.ts';
import { compareBaselines } from './compare-baselines.ts';
import type { Comparison } from './compare-baselines.ts';
import { evaluationOf } from './evaluation-of.ts';
import type { Evaluation, EvaluationOptions } from './evaluation.ts';
import { labelledScores } from './labelled-scores.ts';
import type { LabelledBatch } from './labelled-scores.ts';

/** What an evaluation needs of a model and of labelled items, whatever they are. */
export interface Evaluated {
  readonly labels: Labels;
  /** What the same label called normal when the model was trained, where it did. */
  readonly trained: readonly string[] | undefined;
  readonly knownRows: KnownRows | undefined;
  /** 0 without a calibration. */
  readonly calibrationRows: number;
  /** The score above which an item is flagged at a rate; not asked for without a calibration. */
  threshold(falsePositiveRate: number): number;
  /** @param isHashed Whether the items are to be known again. */
  score(isHashed: boolean): AsyncIterable<LabelledBatch>;
  readonly comparison: Comparison;
}

/** Scores labelled items and measures what the scores are worth, beside trivial detectors. */
export async function evaluate(
  { labels, trained, knownRows, calibrationRows, ...model }: Evaluated,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { normal, allRows = false, normalShare = 1, falsePositiveRate = 0.01 } = options;
  const normalValues = evaluatedLabel(labels, normal, trained);
  const recognition = allRows || knownRows === undefined ? undefined : recognitionOf({ knownRows });
  const found = await labelledScores(model.score(recognition !== undefined), recognition, trained);
  const scored = {
    ...found,
    known: knownRows === undefined ? undefined : found.known,
    normalValues,
    normalShare,
    promisedRate: falsePositiveRate,
    threshold: calibrationRows > 0 ? model.threshold(falsePositiveRate) : Infinity,
    calibrationRows,
  };
  const isCompared = options.baselines !== false;
  return evaluationOf(scored, isCompared ? await compareBaselines(scored, model.comparison) : []);
}
