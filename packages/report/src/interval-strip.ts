import type { FieldExplanation } from '@unlikely/detect';
import { html, type Html } from './html.ts';

/** The interval takes the middle third of the strip; what lies outside is drawn ever closer to its ends. */
const half = 16;

/**
 * A value against its expected interval, as a small drawing: a band, the expected value and a mark.
 * Nothing where the value is no number. Hidden from screen readers: the words say the same.
 */
export function intervalStrip({
  value,
  expected,
  lower,
  upper,
}: Pick<FieldExplanation, 'value' | 'expected' | 'lower' | 'upper'>): Html | null {
  if (typeof value !== 'number' || typeof expected !== 'number') return null;
  if (lower === null || upper === null || !(upper > lower)) return null;
  const place = (number: number): string => {
    const units = (number - (lower + upper) / 2) / ((upper - lower) / 2);
    const beyond = Math.max(0, Math.abs(units) - 1);
    const reach = Math.min(Math.abs(units), 1) * half + (46 - half) * (1 - 1 / (1 + beyond / 4));
    return (50 + Math.sign(units) * reach).toFixed(1);
  };
  return html`<svg class="strip" viewBox="0 0 100 14" aria-hidden="true">
    <line x1="2" x2="98" y1="7" y2="7" class="track" />
    <rect x="${50 - half}" width="${2 * half}" y="3" height="8" rx="2" class="band" />
    <line x1="${place(expected)}" x2="${place(expected)}" y1="3" y2="11" class="expected" />
    <circle cx="${place(value)}" cy="7" r="3.4" class="value" />
  </svg>`;
}
