import { checkNoNaN, invalidInput, type ScoreArray } from './check-input.ts';
import { descendingOrder } from './operating-points.ts';

/**
 * Spearman's rank correlation, the Pearson correlation of the midranks: 1 when both order the rows
 * alike, -1 when in reverse. `null` when one of them is constant or there are fewer than two rows.
 * Throws `metric/invalid-input` for NaN or different lengths.
 */
export function rankCorrelation(a: ScoreArray, b: ScoreArray): number | null {
  if (a.length !== b.length) {
    throw invalidInput(
      `expected two scores of the same rows, got ${a.length} and ${b.length} values`,
      'Score the same rows with both.',
    );
  }
  const ranksA = midranks(a);
  const ranksB = midranks(b);
  const mean = (a.length + 1) / 2;
  let together = 0;
  let squareA = 0;
  let squareB = 0;
  for (let row = 0; row < a.length; row++) {
    const fromA = ranksA[row]! - mean;
    const fromB = ranksB[row]! - mean;
    together += fromA * fromB;
    squareA += fromA * fromA;
    squareB += fromB * fromB;
  }
  if (squareA === 0 || squareB === 0) return null;
  const correlation = together / (Math.sqrt(squareA) * Math.sqrt(squareB));
  return Math.min(1, Math.max(-1, correlation));
}

/** Ranks from 1 (the lowest) to n; equal values share the mean of their ranks. */
export function midranks(values: ScoreArray): Float64Array {
  checkNoNaN(values, 'value');
  const order = descendingOrder(values).reverse();
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!]! === values[order[start]!]!) end++;
    for (let place = start; place < end; place++) ranks[order[place]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
