import { InvalidArgumentError } from 'commander';

/** Parsers of option values; each throws commander's error, which names the option. */

export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${minimum} on.`);
  };
}

export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

/** A share between 0 and 1, both excluded. */
export function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a share between 0 and 1, such as 0.01.');
}

/** A share below 1, 0 included. */
export function shareOrNone(text: string): number {
  return text.trim() !== '' && Number(text) === 0 ? 0 : share(text);
}

/** `-1,0,0.5` */
export function numberList(text: string): readonly number[] {
  return text.split(',').map(finiteNumber);
}

/** `a,b` and `--option a --option b` alike. */
export function list(text: string, previous: readonly string[] = []): readonly string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('Expected names separated by commas.');
  return [...previous, ...items];
}

const columnKinds = ['numeric', 'binary', 'categorical', 'count', 'timestamp', 'ignored'] as const;
export type ChosenKind = (typeof columnKinds)[number];

/** `COLUMN=KIND`, several times. */
export function columnKind(
  text: string,
  previous: Readonly<Record<string, ChosenKind>> = {},
): Readonly<Record<string, ChosenKind>> {
  const split = text.lastIndexOf('=');
  const kind = columnKinds.find((each) => each === text.slice(split + 1));
  if (split > 0 && kind !== undefined) return { ...previous, [text.slice(0, split)]: kind };
  throw new InvalidArgumentError(`Expected COLUMN=KIND with a kind of ${columnKinds.join(', ')}.`);
}
