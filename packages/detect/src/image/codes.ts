import type { CodeSource } from '../generate/generate-rows.ts';
import { RandomStream, UnlikelyError } from '@unlikely/graph';
import type { Matrix } from '../matrix.ts';
import type { ImageNetworks } from './measure.ts';

/** `linear`: the straight line; `spherical`: the great circle, whose codes keep a likely length (White 2016). */
export type InterpolationPath = 'linear' | 'spherical';

function requireCount(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new UnlikelyError(
    'detect/input',
    `expected the ${name} to be a whole number from ${least}, got ${value}`,
    { help: 'Check the arguments of the call.' },
  );
}

/**
 * Random codes [count, latentSize], the same for the same seed.
 *
 * @throws UnlikelyError `detect/input` for a negative count, or for the aggregate posterior of a plain
 *   autoencoder, which has none.
 */
export function codesFrom(
  { core, storedCodes }: ImageNetworks,
  source: CodeSource,
  count: number,
  seed: number,
): Matrix {
  requireCount('count', count, 0);
  const { latentSize } = core.shape;
  const stream = new RandomStream(seed, 'generate');
  const data = Float32Array.from({ length: count * latentSize }, () => stream.normal());
  if (source === 'prior') return { data, rows: count, columns: latentSize };
  if (storedCodes === undefined) {
    throw new UnlikelyError(
      'detect/input',
      'expected a variational model for the aggregate posterior, got a plain autoencoder',
      { help: 'Generate from the prior, or train a variational model.' },
    );
  }
  const { weights, count: stored } = storedCodes;
  for (let row = 0; row < count; row++) {
    const chosen = stream.integer(stored);
    for (let unit = 0; unit < latentSize; unit++) {
      // Stored as −1 / 2v and mean / v: see `storeCodes`.
      const variance = -0.5 / weights[unit * stored + chosen]!;
      const mean = weights[(latentSize + unit) * stored + chosen]! * variance;
      const at = row * latentSize + unit;
      data[at] = mean + Math.sqrt(variance) * data[at]!;
    }
  }
  return { data, rows: count, columns: latentSize };
}

/** `steps` codes from the code `a` to the code `b`, both included; a single step is the first. */
export function codesBetween(a: Matrix, b: Matrix, steps: number, path: InterpolationPath): Matrix {
  requireCount('steps', steps, 1);
  if (a.rows !== 1 || b.rows !== 1) {
    throw new UnlikelyError(
      'detect/input',
      `expected one image at each end, got ${a.rows} and ${b.rows}`,
      {
        help: 'Give one image and one other.',
      },
    );
  }
  const { columns } = a;
  const length = (x: Matrix): number => Math.sqrt(x.data.reduce((sum, v) => sum + v * v, 0));
  const dot = a.data.reduce((sum, value, unit) => sum + value * b.data[unit]!, 0);
  const cosine = dot / Math.max(length(a) * length(b), 1e-12);
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  // Codes in one or in opposite directions have no one circle: the line is what is left.
  const straight = path === 'linear' || Math.sin(angle) < 1e-6;
  const data = new Float32Array(steps * columns);
  for (let step = 0; step < steps; step++) {
    const share = steps === 1 ? 0 : step / (steps - 1);
    const [from, to] = straight
      ? [1 - share, share]
      : [
          Math.sin((1 - share) * angle) / Math.sin(angle),
          Math.sin(share * angle) / Math.sin(angle),
        ];
    for (let unit = 0; unit < columns; unit++) {
      data[step * columns + unit] = from * a.data[unit]! + to * b.data[unit]!;
    }
  }
  return { data, rows: steps, columns };
}

/** The mean of some codes less that of others, [1, latentSize]. */
export function attributeOf(withIt: Matrix, withoutIt: Matrix): Matrix {
  requireCount('number of images on each side', Math.min(withIt.rows, withoutIt.rows), 1);
  const { columns } = withIt;
  const data = new Float32Array(columns);
  const addMean = ({ data: codes, rows }: Matrix, sign: number): void =>
    codes.forEach((value, at) => {
      data[at % columns]! += (sign * value) / rows;
    });
  addMean(withIt, 1);
  addMean(withoutIt, -1);
  return { data, rows: 1, columns };
}

/** @throws UnlikelyError `detect/input` where the codes are not finite or not of the model's size. */
export function requireCodes({ data, rows, columns }: Matrix, latentSize: number): void {
  if (columns !== latentSize || data.length !== rows * latentSize) {
    throw new UnlikelyError(
      'detect/input',
      `expected codes of ${latentSize} numbers, got ${columns}`,
      { help: 'Use codes of `encode` of this model.' },
    );
  }
  if (data.every(Number.isFinite)) return;
  throw new UnlikelyError('detect/input', 'expected codes of finite numbers', {
    help: 'Use codes of `encode` of this model.',
  });
}

/** The first code with one unit moved from −`reach` to `reach`, [steps, latentSize]. */
export function codesAlong(code: Matrix, unit: number, steps: number, reach: number): Matrix {
  requireCount('steps', steps, 1);
  requireCount('number of images', code.rows, 1);
  const { columns } = code;
  if (!(Number.isInteger(unit) && unit >= 0 && unit < columns)) {
    throw new UnlikelyError(
      'detect/input',
      `expected a latent unit from 0 to ${columns - 1}, got ${unit}`,
      { help: 'Units are counted from 0.' },
    );
  }
  const data = new Float32Array(steps * columns);
  for (let step = 0; step < steps; step++) {
    data.set(code.data.subarray(0, columns), step * columns);
    data[step * columns + unit] = steps === 1 ? -reach : reach * ((2 * step) / (steps - 1) - 1);
  }
  return { data, rows: steps, columns };
}
