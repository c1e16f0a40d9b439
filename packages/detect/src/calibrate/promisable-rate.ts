const usualRate = 0.01;

/**
 * The nearest rate of false positives to the one that was chosen, 0.01 by default, that the calibration of a
 * model can promise; undefined where it has none.
 */
export function promisableRate(
  { manifest }: { readonly manifest: { readonly rows: { readonly calibration: number } } },
  chosen: number = usualRate,
): number | undefined {
  const { calibration } = manifest.rows;
  return calibration === 0 ? undefined : Math.max(chosen, 1 / (calibration + 1));
}
