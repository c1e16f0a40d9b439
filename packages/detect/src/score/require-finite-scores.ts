import { detectError } from '../detect-error.ts';

/**
 * Weights may be finite and what they compute is not: a score that is no number has no place in an order.
 *
 * @throws UnlikelyError `model/corrupt`.
 */
export function requireFiniteScores(
  block: Readonly<Record<string, Float32Array | Float64Array>>,
): void {
  const row = block['score']?.findIndex((score) => !Number.isFinite(score)) ?? -1;
  if (row === -1) return;
  throw detectError(
    'model/corrupt',
    `expected finite scores from the model, got ${block['score']![row]}: its weights are out of range`,
    { help: 'The file is damaged or was changed; copy it again from its source or train again.' },
  );
}
