import { UnlikelyError } from '@unlikely/graph';

/** The reason of the stop in place of the engine's, with the way on. */
export function stopped(
  error: unknown,
  signal: AbortSignal,
  checkpoint: string | undefined,
): unknown {
  if (!signal.aborted) return error;
  const { code, message } = signal.reason as UnlikelyError;
  return new UnlikelyError(code, message, {
    help:
      checkpoint === undefined
        ? 'Nothing was kept.'
        : `The same command with --resume goes on from ${checkpoint}, if training had begun.`,
    cause: error,
  });
}
