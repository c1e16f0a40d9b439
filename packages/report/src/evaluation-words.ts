import type { Evaluation, Words } from '@unlikely/detect';
import { formatCount, formatRows, formatShare } from './format.ts';
import { formatItems } from './wording.ts';

/** Whether rows are left by which false alarms can be told. */
export function isMeasured({ rows, anomalies, leftOut }: Evaluation): boolean {
  return rows > 0 && !(rows === anomalies && leftOut.known > 0);
}

/** Why nothing is measured. */
export function unmeasuredReason({ leftOut }: Evaluation, words: Words): string {
  if (leftOut.known > 0) {
    return `every normal ${words.one} that has a label is equal to one of the training, ${formatCount(leftOut.known)} in all`;
  }
  return leftOut.unlabelled > 0 ? `no ${words.one} has a label` : `there is no ${words.one}`;
}

/** Which rows do not count. */
export function leftOutRows(
  { leftOut: { known, unlabelled } }: Evaluation,
  words: Words,
): string[] {
  return [
    ...(known === 0
      ? []
      : [
          `${formatItems(known, words)} equal to ones of the training, whose figures would be too good`,
        ]),
    ...(unlabelled === 0 ? [] : [`${formatItems(unlabelled, words)} without a label`]),
  ];
}

/** What the figures of an evaluation mean, where that is not plain. */
export function evaluationNotes(evaluation: Evaluation, words: Words): string[] {
  const { rows, anomalies, anomalyShare, knowsRows } = evaluation;
  const isSame = rows === anomalies || Math.abs(anomalyShare - anomalies / rows) < 1e-9;
  return [
    ...(isSame
      ? []
      : [
          `precision, F1 and accuracy are for ${formatShare(anomalyShare)} anomalies, as among all ${words.many}`,
        ]),
    ...(anomalies >= fewAnomalies || anomalies === 0
      ? []
      : [`with ${formatRows(anomalies, 'anomaly', 'anomalies')} the figures are rough`]),
    ...(anomalies === rows
      ? [`there is no normal ${words.one}: only what is found is measured`]
      : []),
    ...(anomalies === 0 ? ['there is no anomaly: only false alarms are measured'] : []),
    ...(knowsRows
      ? []
      : [
          `the model keeps nothing of single ${words.many}: if some of these trained it, the figures are too good`,
        ]),
  ];
}

/** Fewer say little: the standard error of an AUROC of 0.9 is then above 0.06. */
const fewAnomalies = 20;
