import { detectError } from '../detect-error.ts';

/** @throws UnlikelyError `detect/input` unless it is a whole number from `least` to `most`. */
export function checkCount(
  name: string,
  value: number,
  least: number,
  most: number = 2 ** 31,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = least === most ? `${least}` : `a whole number from ${least}`;
  throw detectError('detect/input', `expected the ${name} to be ${range}, got ${value}`, {
    help: 'Check the arguments of the call.',
  });
}
