import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import type { Matrix } from '../matrix.ts';

/** @throws UnlikelyError `detect/input` unless they are finite codes of `size` numbers each. */
export function checkCodes({ data, rows, columns }: Matrix, size: number): void {
  if (columns !== size) throw refused(`codes of ${size} numbers, got ${columns}`);
  if (!(Number.isSafeInteger(rows) && rows >= 0 && data.length === rows * size)) {
    throw refused(`${rows} codes of ${size} numbers, got ${data.length} numbers`);
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong === -1) return;
  throw refused(`codes of finite numbers, got ${data[wrong]} in row ${Math.floor(wrong / size)}`);
}

function refused(expected: string): UnlikelyError {
  return detectError('detect/input', `expected ${expected}`, {
    help: 'Use codes of `encode` of this model; only what is encoded may have missing values.',
  });
}
