import { dataError } from '../data-error.ts';

/** A number of rows, from 1. Throws `data/wrong-option`. */
export function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw dataError(
    'data/wrong-option',
    `expected ${name} to be a whole number from 1, but got ${value}`,
    { help: `Give ${name} as a positive whole number.` },
  );
}
