import { errorFactory } from '@unlikely/graph';
import type { ErrorFactory } from '@unlikely/graph';
import type { DetectErrorCode } from './error-code.ts';

/** Makes an error of this package. */
export const detectError: ErrorFactory<DetectErrorCode> = errorFactory();
