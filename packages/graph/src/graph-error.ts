import { errorFactory } from './error.ts';
import type { ErrorFactory } from './error.ts';
import type { GraphErrorCode } from './error-code.ts';
import type { RandomErrorCode } from './random/error-code.ts';

/** Makes an error of this package. */
export const graphError: ErrorFactory<GraphErrorCode | RandomErrorCode> = errorFactory();
