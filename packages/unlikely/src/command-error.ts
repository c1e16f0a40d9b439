import { errorFactory } from '@unlikely/graph/error';
import type { ErrorFactory } from '@unlikely/graph/error';
import type { ErrorCode } from './command/run/exit-code.ts';

/** Makes an error of the command line or the library; each code has an exit code. */
export const commandError: ErrorFactory<ErrorCode> = errorFactory();
