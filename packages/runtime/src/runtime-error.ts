import { errorFactory } from '@unlikely/graph/error';
import type { ErrorFactory } from '@unlikely/graph/error';
import type { RuntimeErrorCode } from './error-code.ts';

/** Makes an error of this package. */
export const runtimeError: ErrorFactory<RuntimeErrorCode> = errorFactory();
