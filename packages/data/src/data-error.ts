import { UnlikelyError, type ErrorDetail } from '@unlikely/graph';
import type { DataErrorCode } from './error-code.ts';

/** Makes an error of this package; the code is checked against the closed union. */
export function dataError(
  code: DataErrorCode,
  message: string,
  detail?: ErrorDetail,
): UnlikelyError<DataErrorCode> {
  return new UnlikelyError(code, message, detail);
}
