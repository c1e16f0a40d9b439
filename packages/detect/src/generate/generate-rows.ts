import { RandomStream, UnlikelyError } from '@unlikely/graph';
import type { Abortable } from '../abort.ts';
import type { ModelFile } from '../artifact/model-file.ts';
import type { Matrix } from '../matrix.ts';
import type { LatentSpace } from './latent-space.ts';
import type { RowBatch } from './row-batch.ts';
import { readPosterior } from './stored-posterior.ts';
import type { PosteriorCodes } from './stored-posterior.ts';

export const codeSources = ['prior', 'posterior'] as const;

/**
 * Where the codes of generated rows come from. `prior`: N(0, I). `posterior`: the aggregate posterior,
 * that is q(z|x) of a training row drawn at random (Makhzani et al. 2016, §2; Tomczak & Welling 2018).
 */
export type CodeSource = (typeof codeSources)[number];

export interface GenerateOptions extends Abortable {
  /** Same seed, same rows; the first rows do not depend on how many are asked for. Default 1. */
  readonly seed?: number;
  /** Default `posterior`: on real tables its rows are nearer to the true ones (docs/generate.md). */
  readonly from?: CodeSource;
  /** The mean of the decoder's distribution instead of a draw from it. Default false. */
  readonly mean?: boolean;
  /** Rows a batch. Default 4096; the rows do not depend on it. */
  readonly batchRows?: number;
}

/**
 * New rows: a code is drawn, and a row from what the decoder makes of it.
 *
 * @throws UnlikelyError `detect/configuration` for a source that there is not.
 */
export async function* generateRows(
  { manifest }: ModelFile,
  space: LatentSpace,
  count: number,
  options: GenerateOptions = {},
): AsyncGenerator<RowBatch> {
  const { seed = 1, from = 'posterior', mean = false, batchRows = 4096, signal } = options;
  const drawCode = codeDraws[from];
  if (drawCode === undefined) {
    throw new UnlikelyError(
      'detect/configuration',
      `expected codes from ${codeSources.join(' or ')}, got ${String(from)}`,
      { help: 'The prior is N(0, I); the posterior is that of training rows.' },
    );
  }
  const { latentSize, model } = manifest.configuration;
  const posterior = (): PosteriorCodes =>
    readPosterior(manifest.posterior, latentSize, model === 'variational');
  const next = drawCode(new RandomStream(seed, 'generate'), latentSize, posterior);
  const cells = new RandomStream(seed, 'generate', 'cells');
  for (let firstRow = 0; firstRow < count; firstRow += batchRows) {
    const rows = Math.min(batchRows, count - firstRow);
    const data = new Float32Array(rows * latentSize);
    for (let row = 0; row < rows; row++) next(data.subarray(row * latentSize));
    const codes: Matrix = { data, rows, columns: latentSize };
    const made = mean ? await space.decode(codes, signal) : await space.draw(codes, cells, signal);
    yield { firstRow, ...made };
  }
}

/** Fills the head of `target` with the next code. */
type NextCode = (target: Float32Array) => void;

const codeDraws: {
  readonly [K in CodeSource]: (
    stream: RandomStream,
    size: number,
    posterior: () => PosteriorCodes,
  ) => NextCode;
} = {
  prior: (stream, size) => (target) => {
    for (let unit = 0; unit < size; unit++) target[unit] = stream.normal();
  },
  posterior: (stream, size, posterior) => {
    const { rows, mean, deviation } = posterior();
    return (target) => {
      const start = stream.integer(rows) * size;
      for (let unit = 0; unit < size; unit++) {
        target[unit] = mean[start + unit]! + deviation[start + unit]! * stream.normal();
      }
    };
  },
};
