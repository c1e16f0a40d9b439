/**
 * A number for people: whole numbers with thousands separators, others with four significant
 * digits, very large and small ones in scientific notation. The same in every locale.
 */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 1e-4)) return value.toExponential(2);
  if (Number.isInteger(value) || size >= 10_000) return grouped(value.toFixed(0));
  return grouped(String(Number(value.toPrecision(4))));
}

function grouped(text: string): string {
  const [whole, fraction] = text.split('.') as [string, string?];
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}
