import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { Matrix } from '../matrix.ts';

/** Codes in which one unit at a time runs over a range. */
export interface Traversal {
  /** Of each step the unit that is changed, and its value. */
  readonly unit: Int32Array;
  /** Of each step the value of that unit. */
  readonly value: Float64Array;
  /** [units × steps, latentSize]. */
  readonly codes: Matrix;
}

/** Which units of the code are walked along, and how far. */
export interface TraversalOptions {
  /** Which units; all of them where absent. */
  readonly units?: readonly number[];
  /** Each unit runs from −`range` to `range`, in deviations of the prior. Default 3. */
  readonly range?: number;
  /** Values of each unit, evenly spaced. Default 7. */
  readonly steps?: number;
}

/**
 * Latent traversals: from a code, one unit after another takes evenly spaced values while the others
 * stay (as in Higgins et al. 2017, figure 1).
 *
 * @throws UnlikelyError `detect/configuration` for a unit that the code does not have, fewer than two steps
 *   or no range.
 */
export function traversal(
  start: Float32Array,
  { units = [...start.keys()], range = 3, steps = 7 }: TraversalOptions = {},
): Traversal {
  const wrong = units.find((unit) => !(Number.isInteger(unit) && start[unit] !== undefined));
  if (wrong !== undefined) {
    throw refused(`latent units from 0 to ${start.length - 1}, got ${wrong}`);
  }
  if (!(Number.isInteger(steps) && steps >= 2)) throw refused(`two or more steps, got ${steps}`);
  if (!(range > 0 && range < Infinity)) throw refused(`a range above 0, got ${range}`);
  const columns = start.length;
  const rows = units.length * steps;
  const data = new Float32Array(rows * columns);
  const value = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    value[row] = range * ((2 * (row % steps)) / (steps - 1) - 1);
    data.set(start, row * columns);
    data[row * columns + units[Math.floor(row / steps)]!] = value[row]!;
  }
  const unit = Int32Array.from({ length: rows }, (_, row) => units[Math.floor(row / steps)]!);
  return { unit, value, codes: { data, rows, columns } };
}

function refused(expected: string): UnlikelyError {
  return detectError('detect/configuration', `expected ${expected}`, {
    help: 'A traversal changes one latent unit at a time, from −range to range.',
  });
}
