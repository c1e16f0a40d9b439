import type { Table } from '@unlikely/data';
import { UnlikelyError } from '@unlikely/graph';

/** What a label says of a normal row where nobody said otherwise; compared without case. */
const usual = ['0', 'false', 'no', 'normal', 'benign', 'ok'];

/**
 * The values of a label column that mean "normal".
 *
 * @param given Chosen by the user; each must occur.
 * @throws UnlikelyError `detect/normal-values` listing the values seen, where none is known to be normal.
 */
export async function normalValues(
  table: Table,
  label: string,
  given?: readonly string[],
): Promise<string[]> {
  const seen = (await table.values(label, 100)).flatMap(({ value }) =>
    value === null ? [] : [value],
  );
  const found =
    given === undefined
      ? seen.filter((value) => usual.includes(normalise(value)))
      : given.filter((value) => seen.includes(value));
  const missing = given?.filter((value) => !seen.includes(value)) ?? [];
  if (found.length > 0 && missing.length === 0) return found;
  const shown = seen.slice(0, 12).join(', ') + (seen.length > 12 ? ', …' : '');
  const expected =
    missing.length > 0 ? `the value ${missing.join(', ')}` : `one of ${usual.join(', ')}`;
  throw new UnlikelyError(
    'detect/normal-values',
    `expected ${expected} in the label column ${label}, got ${shown}`,
    {
      help: 'Say which values are normal with `--normal VALUE,VALUE`.',
      details: { label, seen },
    },
  );
}

/** `0.0` and `FALSE.` of other tools mean the same. */
function normalise(value: string): string {
  const text = value.trim().toLowerCase().replace(/\.$/, '');
  return /^0\.0+$/.test(text) ? '0' : text;
}
