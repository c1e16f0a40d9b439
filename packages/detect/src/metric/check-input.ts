import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { DetectErrorCode } from '../error-code.ts';

/** Anomaly scores, one a row; higher = more anomalous. Infinities are legal, NaN is not. */
export type ScoreArray = Float64Array | Float32Array;

/** Throws `metric/invalid-input` unless there is a 0 or 1 for each score and no score is NaN. */
export function checkLabelled(scores: ScoreArray, labels: Uint8Array): void {
  if (scores.length !== labels.length) {
    throw invalidInput(
      `expected one label a score, got ${labels.length} labels for ${scores.length} scores`,
      'Pass scores and labels of the same rows, in the same order.',
    );
  }
  checkNoNaN(scores, 'score');
  const strange = labels.findIndex((label) => label > 1);
  if (strange >= 0) {
    throw invalidInput(
      `expected labels 0 (normal) or 1 (anomaly), got ${labels[strange]} in row ${strange}`,
      'Turn the labels into zeros and ones first.',
    );
  }
}

/** Throws `metric/invalid-input` when a value is NaN: it has no place in an order. */
export function checkNoNaN(values: ScoreArray, what: string): void {
  const index = values.findIndex(Number.isNaN);
  if (index >= 0) {
    throw invalidInput(
      `expected numbers, got NaN as ${what} of row ${index}`,
      'Score the rows again, or leave out those that have no score.',
    );
  }
}

export function invalidInput(message: string, help: string): UnlikelyError<DetectErrorCode> {
  return detectError('metric/invalid-input', message, { help });
}
