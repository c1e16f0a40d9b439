import { UnlikelyError } from '@unlikely/graph';
import { expect } from 'vitest';

/** Runs it and gives the error, which must be ours and have this code. */
export async function expectError(run: () => unknown, code: string): Promise<UnlikelyError> {
  const error: unknown = await Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(UnlikelyError);
  expect((error as UnlikelyError).code).toBe(code);
  return error as UnlikelyError;
}
