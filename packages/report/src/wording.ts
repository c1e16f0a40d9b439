import type { Words } from '@unlikely/detect';
import { formatRows } from './format.ts';

/** `1 row`, `2,000 images` */
export function formatItems(count: number, { one, many }: Words): string {
  return formatRows(count, one, many);
}

/** What stands at an axis of scores. */
export function scoreAxis({ unit }: Words): string {
  return unit === '' ? 'score' : `score (${unit})`;
}

/** As the first word of a sentence or a heading. */
export function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** `a, b and c` */
export function enumerate(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
