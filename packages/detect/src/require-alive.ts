import { detectError } from './detect-error.ts';

/** @throws UnlikelyError `detect/disposed` where a model was disposed of. */
export function requireAlive(disposed: boolean): void {
  if (!disposed) return;
  throw detectError('detect/disposed', 'this model was disposed of', {
    help: 'Load or train it again.',
  });
}
