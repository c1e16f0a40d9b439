import { UnlikelyError } from '@unlikely/graph/error';
import type { RuntimeErrorCode } from './error-code.ts';

/** One of the ONNX Runtime packages is absent, or has no binary for this platform. */
export function unavailable(packageName: string, cause: unknown): UnlikelyError<RuntimeErrorCode> {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new UnlikelyError(
    'runtime/unavailable',
    `The package ${packageName} must load on this machine, but it does not: ${reason}`,
    { help: `Install it with "npm install ${packageName}", or use another runtime.`, cause },
  );
}
