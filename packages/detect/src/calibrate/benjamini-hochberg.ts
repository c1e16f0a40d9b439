import { checkProbability, invalidInput } from './check-input.ts';

/** Which rows are called anomalies at a false discovery rate. */
export interface Discoveries {
  /** 1 for each rejected row (an anomaly), 0 for the others. */
  readonly flags: Uint8Array;
  /** The number of ones. */
  readonly rejected: number;
  /** The largest p-value that was rejected; 0 when none was. */
  readonly pValueThreshold: number;
}

/**
 * The step-up procedure of Benjamini & Hochberg (1995): rejects the rows with `p <= k·rate/n` for the
 * largest `k` such that `k` rows do so. Expects at most `rate` of the rejected rows to be normal. It
 * holds for the p-values of one conformal calibration, which depend on each other positively (Bates et
 * al. 2023). Few calibration rows limit it: with n test rows, a single discovery needs
 * `1 / (calibration rows + 1) <= rate / n`. Throws `calibrate/invalid-input`.
 */
export function benjaminiHochberg(pValues: Float64Array | Float32Array, rate: number): Discoveries {
  checkProbability(rate, 'false discovery rate');
  const strange = pValues.findIndex((pValue) => !(pValue >= 0 && pValue <= 1));
  if (strange >= 0) {
    throw invalidInput(
      `expected p-values between 0 and 1, got ${pValues[strange]} in row ${strange}`,
      'Pass the p-values of the rows, not their scores.',
    );
  }
  const ascending = pValues.slice().sort();
  let rejected = ascending.length;
  while (rejected > 0 && ascending[rejected - 1]! > (rejected * rate) / ascending.length)
    rejected--;
  const pValueThreshold = rejected > 0 ? ascending[rejected - 1]! : 0;
  const flags = Uint8Array.from(pValues, (p) => (rejected > 0 && p <= pValueThreshold ? 1 : 0));
  return { flags, rejected, pValueThreshold };
}
