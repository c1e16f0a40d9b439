import type { RandomStream } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { PosteriorCodes } from './stored-posterior.ts';

export const codeSources = ['prior', 'posterior'] as const;

/**
 * Where the codes of generated rows come from. `prior`: N(0, I). `posterior`: the aggregate posterior,
 * that is q(z|x) of a training row drawn at random (Makhzani et al. 2016, §2; Tomczak & Welling 2018).
 */
export type CodeSource = (typeof codeSources)[number];

/** Fills the head of `target` with the next code. */
export type NextCode = (target: Float32Array) => void;

/**
 * Codes of `size` numbers, one after another: the first do not depend on how many follow.
 *
 * @param posterior Asked for only where codes come from it.
 * @throws UnlikelyError `detect/configuration` for a source that there is not.
 */
export function codeDrawer(
  from: CodeSource,
  stream: RandomStream,
  size: number,
  posterior: () => PosteriorCodes,
): NextCode {
  const draw = draws[from];
  if (draw !== undefined) return draw(stream, size, posterior);
  throw detectError(
    'detect/configuration',
    `expected codes from ${codeSources.join(' or ')}, got ${String(from)}`,
    { help: 'The prior is N(0, I); the posterior is that of training rows.' },
  );
}

const draws: {
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
