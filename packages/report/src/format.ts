/** Numbers as the page prints them: English, grouped, with no more digits than a reader can use. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const hundredths = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const minus = '\u2212';
const narrowSpace = '\u202F';

/** `2,000` */
export function formatCount(count: number): string {
  return withMinus(whole.format(count));
}

/** Three significant digits, whole from 100 on, powers of ten for the very large and small. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return withMinus(value.toExponential(1));
  return withMinus((size >= 100 ? whole : hundredths).format(value));
}

/** One digit after the point, none from 1,000 on: scores stand below each other to be compared. */
export function formatScore(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1000
    ? withMinus(value.toFixed(1))
    : formatNumber(value);
}

/** A share as a percentage: `76.7 %`, `1 %`, `0.25 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  const digits = percent >= 10 ? 3 : 2;
  return `${formatNumber(Number(percent.toPrecision(digits)))}${narrowSpace}%`;
}

/** A ratio between 0 and 1 with three digits, or a dash where it is undefined. */
export function formatRatio(ratio: number | null): string {
  return ratio === null || Number.isNaN(ratio) ? '–' : ratio.toFixed(3);
}

/** `1 row`, `2,000 rows` */
export function formatRows(count: number, noun = 'row', plural: string = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

function withMinus(text: string): string {
  return text.replace(/^-/, minus);
}
