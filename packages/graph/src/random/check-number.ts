import { graphError } from '../graph-error.ts';

/** Throws unless `value` is an integer from `minimum` to `maximum`. */
export function checkInteger(name: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw graphError(
    'random/invalid-argument',
    `${name} must be an integer from ${minimum} to ${maximum}, but it is ${value}.`,
    { help: `Pass a whole number for ${name}.`, details: { name, value, minimum, maximum } },
  );
}

/** Throws unless a seed or a step of a path is a finite number. */
export function checkFinite(value: number): void {
  if (Number.isFinite(value)) return;
  throw graphError(
    'random/invalid-argument',
    `A seed must be a finite number, but it is ${value}.`,
    { help: 'Pass any finite number, for example 1.', details: { value } },
  );
}
