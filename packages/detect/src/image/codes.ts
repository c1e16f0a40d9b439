import { RandomStream } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { checkCount } from '../generate/check-count.ts';
import { codeDrawer } from '../generate/draw-codes.ts';
import type { CodeSource } from '../generate/draw-codes.ts';
import type { PosteriorCodes } from '../generate/stored-posterior.ts';
import type { Matrix } from '../matrix.ts';
import type { ImageNetworks } from './measure.ts';

/**
 * Random codes [count, latentSize], the same for the same seed; the first do not depend on the count.
 *
 * @throws UnlikelyError `detect/input` for a negative count, `detect/configuration` for a source that
 *   there is not, or for the posterior of a plain autoencoder, which has none.
 */
export function drawImageCodes(
  networks: ImageNetworks,
  source: CodeSource,
  count: number,
  seed: number,
): Matrix {
  checkCount('count', count, 0);
  const { latentSize } = networks.core.shape;
  const stream = new RandomStream(seed, 'generate');
  const next = codeDrawer(source, stream, latentSize, () => posteriorOf(networks));
  const data = new Float32Array(count * latentSize);
  for (let row = 0; row < count; row++) next(data.subarray(row * latentSize));
  return { data, rows: count, columns: latentSize };
}

/** q(z|x) of the training images whose codes are in the file. */
function posteriorOf({ core, storedCodes }: ImageNetworks): PosteriorCodes {
  if (storedCodes === undefined) {
    throw detectError(
      'detect/configuration',
      'expected a variational model for codes from the posterior, got a plain autoencoder',
      { help: 'Generate from the prior, or train a variational model.' },
    );
  }
  const { weights, count: rows } = storedCodes;
  const { latentSize } = core.shape;
  const mean = new Float32Array(rows * latentSize);
  const deviation = new Float64Array(rows * latentSize);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < latentSize; unit++) {
      // Stored as −1 / 2v and mean / v, with some variance added: see `storeCodes`.
      const variance = -0.5 / weights[unit * rows + row]!;
      const at = row * latentSize + unit;
      mean[at] = weights[(latentSize + unit) * rows + row]! * variance;
      deviation[at] = Math.sqrt(Math.max(0, variance - core.configuration.codeVariance));
    }
  }
  return { rows, mean, deviation };
}

/** @throws UnlikelyError `detect/input` where the codes are not finite or not of the model's size. */
export function requireCodes({ data, rows, columns }: Matrix, latentSize: number): void {
  if (columns !== latentSize || data.length !== rows * latentSize) {
    throw detectError('detect/input', `expected codes of ${latentSize} numbers, got ${columns}`, {
      help: 'Use codes of `encode` of this model.',
    });
  }
  if (data.every(Number.isFinite)) return;
  throw detectError('detect/input', 'expected codes of finite numbers', {
    help: 'Use codes of `encode` of this model.',
  });
}
