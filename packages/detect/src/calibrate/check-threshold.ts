import { detectError } from '../detect-error.ts';

/** @throws UnlikelyError `detect/input` for a threshold that no score can be compared with. */
export function checkThreshold(threshold: unknown): void {
  if (threshold === undefined || (typeof threshold === 'number' && !Number.isNaN(threshold)))
    return;
  throw detectError('detect/input', `expected threshold to be a number, got ${String(threshold)}`, {
    help: 'Leave it out for the threshold of a false-positive rate.',
  });
}
