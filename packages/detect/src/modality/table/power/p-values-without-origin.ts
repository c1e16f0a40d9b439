/**
 * Conformal p-values of rows that were made of calibration rows, each without its own: with `n`
 * calibration scores, (1 + #{i ≠ origin: score_i ≥ s}) / n, its rank among the n − 1 others. That is
 * what a fresh row, changed alike, would get.
 */
export function pValuesWithoutOrigin(
  calibrationScores: Float64Array,
  scores: Float64Array,
  origin: Int32Array,
): Float64Array {
  const descending = calibrationScores.slice().sort().reverse();
  return scores.map((score, row) => {
    const own = Number(calibrationScores[origin[row]!]! >= score);
    return (1 + countAtLeast(descending, score) - own) / calibrationScores.length;
  });
}

function countAtLeast(descending: Float64Array, score: number): number {
  let low = 0;
  let high = descending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (descending[middle]! >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
