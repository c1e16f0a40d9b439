import { errorFactory } from '@unlikely/graph';
import type { ErrorFactory } from '@unlikely/graph';
import type { DataErrorCode } from './error-code.ts';

/** Makes an error of this package. */
export const dataError: ErrorFactory<DataErrorCode> = errorFactory();
