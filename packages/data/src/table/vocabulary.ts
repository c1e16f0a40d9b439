import { numberText } from './number-notation.ts';

/**
 * How values are compared with the categories of a field: as numbers where all categories are, so that 1, 1.0,
 * '1' and true are one; as truth values where they are spelt so, so that True and true are; else letter by letter.
 */
export type Matching = 'number' | 'truth' | 'text';

/** The texts that stand for false and true, beside their upper and mixed case. */
export const truthWords: Readonly<Record<'false' | 'true', readonly string[]>> = {
  false: ['false', '0'],
  true: ['true', '1'],
};

/** How the values of a field are compared with these categories. */
export function matchingOf(categories: readonly string[]): Matching {
  if (categories.length === 0) return 'text';
  if (categories.every(isNumber)) return 'number';
  const lower = new Set(categories.map((category) => category.toLowerCase()));
  const isTruth =
    lower.size === categories.length &&
    [...lower].every((word) => word === 'true' || word === 'false');
  return isTruth ? 'truth' : 'text';
}

/** Whether the text is a number as `numberText` writes it, by which it can be told from all others. */
function isNumber(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && numberText(value) === text;
}
