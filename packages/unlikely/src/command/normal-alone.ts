import { commandError } from '../command-error.ts';

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
