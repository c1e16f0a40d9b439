/**
 * The smallest count in 0 … `trials` whose cumulative probability reaches `confidence`, for a
 * distribution given by the logarithm of P(0) and the ratios P(count + 1) / P(count). The masses stay
 * logarithms, since P(0) alone is often too small for a double.
 */
export function countQuantile(
  trials: number,
  logMassAtZero: number,
  ratio: (count: number) => number,
  confidence: number,
): number {
  let logMass = logMassAtZero;
  let cumulative = Math.exp(logMass);
  let count = 0;
  while (cumulative < confidence && count < trials) {
    logMass += Math.log(ratio(count));
    cumulative += Math.exp(logMass);
    count++;
  }
  return count;
}
