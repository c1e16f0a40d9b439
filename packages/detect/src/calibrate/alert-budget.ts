import { checkCount, checkNoNaN } from './check-input.ts';

type ScoreArray = Float64Array | Float32Array;

/**
 * The lowest threshold under which at most `alerts` rows are flagged (`score > threshold`): the
 * highest score that is *not* within the budget. Without ties exactly `alerts` rows are flagged; rows
 * that tie across the budget's edge are all left out, so equal rows get equal answers. -Infinity when
 * the budget covers every row. Throws `calibrate/invalid-input`.
 */
export function alertBudgetThreshold(scores: ScoreArray, alerts: number): number {
  checkCount(alerts, 'number of alerts', 0);
  checkNoNaN(scores, 'score');
  if (alerts >= scores.length) return -Infinity;
  const ascending = scores.slice().sort();
  return ascending[ascending.length - 1 - alerts]!;
}

/**
 * The rows of the `alerts` highest scores, highest first: exactly that many where there are so many
 * rows, ties going to the earlier row. Throws `calibrate/invalid-input`.
 */
export function highestRows(scores: ScoreArray, alerts: number): Int32Array {
  const threshold = alertBudgetThreshold(scores, alerts);
  const candidates: number[] = [];
  scores.forEach((score, row) => {
    if (score >= threshold) candidates.push(row);
  });
  candidates.sort((a, b) => {
    if (scores[a]! !== scores[b]!) return scores[a]! > scores[b]! ? -1 : 1;
    return a - b;
  });
  return Int32Array.from(candidates.slice(0, alerts));
}
