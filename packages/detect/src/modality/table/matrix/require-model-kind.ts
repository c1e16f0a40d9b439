import type { Configuration } from '../configuration.ts';
import { detectError } from '../../../detect-error.ts';

/** @throws UnlikelyError `model/foreign` where a file holds a model of another class. */
export function requireModelKind(
  { model: found }: Configuration,
  { model: expected }: Configuration,
): void {
  if (found === expected) return;
  throw detectError('model/foreign', `expected a model of kind ${expected}, got ${found}`, {
    help: 'Load it with the class that saved it: VAE or Autoencoder.',
  });
}
