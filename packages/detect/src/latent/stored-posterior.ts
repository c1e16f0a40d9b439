import { detectError } from '../detect-error.ts';
import { decodeFloats, encodeFloats } from '../bytes/base64.ts';

/**
 * Codes of training rows that every model file keeps, to generate from: q(z|x) of the first member,
 * means and log-variances as base64 of float32 [rows, latentSize], rows in random order.
 */
export interface StoredPosterior {
  readonly mean: string;
  readonly logVariance: string;
}

/** Rows that are kept: 32 kB with 8 latent units, beside networks of some 200 kB. */
const keptRows = 512;

/** @param codes Of all members, [members, rows, latentSize]: the first rows of the first are kept. */
export function storedPosterior(
  { mean, logVariance }: { readonly mean: Float32Array; readonly logVariance: Float32Array },
  rows: number,
  latentSize: number,
): StoredPosterior {
  const size = Math.min(keptRows, rows) * latentSize;
  return {
    mean: encodeFloats(mean.subarray(0, size)),
    logVariance: encodeFloats(logVariance.subarray(0, size)),
  };
}

/** Means and deviations, [rows, latentSize]. */
export interface PosteriorCodes {
  readonly rows: number;
  readonly mean: Float32Array;
  readonly deviation: Float64Array;
}

/** @throws UnlikelyError `model/corrupt` where sizes do not fit, `detect/configuration` where none are kept. */
export function readPosterior(
  stored: StoredPosterior | undefined,
  latentSize: number,
  isVariational: boolean,
): PosteriorCodes {
  if (stored === undefined) {
    throw detectError(
      'detect/configuration',
      'expected a model that keeps codes of training rows, got one without',
      { help: 'Generate from the prior: `--codes-from prior`.' },
    );
  }
  const [mean, logVariance] = [decodeFloats(stored.mean), decodeFloats(stored.logVariance)];
  if (mean.length === 0 || mean.length % latentSize !== 0 || mean.length !== logVariance.length) {
    throw detectError(
      'model/corrupt',
      `expected codes of ${latentSize} numbers in the model file, got ${mean.length} and ${logVariance.length}`,
      { help: 'Copy the file again from its source or train again.' },
    );
  }
  return {
    rows: mean.length / latentSize,
    mean,
    // The code of a plain autoencoder is a point.
    deviation: Float64Array.from(logVariance, (value) => (isVariational ? Math.exp(value / 2) : 0)),
  };
}
