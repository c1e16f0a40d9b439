import type { UnlikelyError } from '@unlikely/graph/error';
import type { RuntimeErrorCode } from './error-code.ts';
import { runtimeError } from './runtime-error.ts';

/** No ONNX Runtime loads; `cause` is why, where something was thrown. */
export function unavailable(
  message: string,
  help: string,
  cause?: unknown,
): UnlikelyError<RuntimeErrorCode> {
  return runtimeError('runtime/unavailable', message, { help, cause });
}

/** The first line of what was thrown, without a full stop. */
export function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n')[0]!.replace(/\.$/, '');
}
