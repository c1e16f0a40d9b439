import { commandError } from '../../command-error.ts';

/** Throws `usage/invalid` where values are called normal, but no column is named that holds them. */
export function refuseNormalAlone({
  normal,
  label,
}: {
  readonly normal?: readonly string[];
  readonly label?: string;
}): void {
  if (normal === undefined || label !== undefined) return;
  throw commandError(
    'usage/invalid',
    `expected --label COLUMN with --normal ${normal.join(',')}, got no column that holds it`,
    { help: 'For instance: --label fraud --normal 0' },
  );
}

/** Throws `usage/missing` where rows are to be told apart, and no column is named that does. */
export function requireLabel({ label }: { readonly label?: string }): void {
  if (label !== undefined) return;
  throw commandError(
    'usage/missing',
    'expected --label COLUMN, which says which rows are anomalies',
    { help: 'Only images in folders need none: there, the folder is the label.' },
  );
}
