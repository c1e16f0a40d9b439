import { checkCount, checkProbability } from './check-input.ts';
import { countQuantile } from './count-quantile.ts';

/**
 * The smallest count that a Binomial(trials, rate) does not exceed with probability `confidence`
 * (default 0.99), exactly: one-sided, no normal approximation. Throws `calibrate/invalid-input`.
 */
export function binomialBound(trials: number, rate: number, confidence = 0.99): number {
  checkCount(trials, 'number of rows', 0);
  checkProbability(rate, 'rate');
  checkProbability(confidence, 'confidence');
  const odds = rate / (1 - rate);
  return countQuantile(
    trials,
    trials * Math.log1p(-rate),
    (count) => ((trials - count) / (count + 1)) * odds,
    confidence,
  );
}
