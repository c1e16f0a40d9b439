import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { DetectErrorCode } from '../error-code.ts';

/** Throws `calibrate/invalid-input` unless 0 < value < 1. */
export function checkProbability(value: number, name: string): void {
  if (value > 0 && value < 1) return;
  throw invalidInput(
    `expected a ${name} between 0 and 1, got ${value}`,
    `Give the ${name} as a fraction: 0.01 is one in a hundred.`,
  );
}

/** Throws `calibrate/invalid-input` unless `value` is an integer of at least `minimum`. */
export function checkCount(value: number, name: string, minimum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum) return;
  throw invalidInput(
    `expected an integer of at least ${minimum} as ${name}, got ${value}`,
    `Give the ${name} as a whole number.`,
  );
}

/** Throws `calibrate/invalid-input` when a score is NaN: it has no place in an order. */
export function checkNoNaN(values: Float64Array | Float32Array, what: string): void {
  const index = values.findIndex(Number.isNaN);
  if (index < 0) return;
  throw invalidInput(
    `expected numbers, got NaN as ${what} of row ${index}`,
    'Score the rows again, or leave out those that have no score.',
  );
}

export function invalidInput(message: string, help: string): UnlikelyError<DetectErrorCode> {
  return detectError('calibrate/invalid-input', message, { help });
}
