import { InvalidArgumentError } from 'commander';

const columnKinds = ['numeric', 'binary', 'categorical', 'count', 'timestamp', 'ignored'] as const;
type ColumnKind = (typeof columnKinds)[number];

/** The types of values that flags have, and what they are in the program. */
export interface FlagValues {
  /** Given or not. */
  readonly switch: true;
  /** `--no-…`: false where it is given, else true. */
  readonly off: boolean;
  readonly text: string;
  /** `a,b` and `--option a --option b` alike. */
  readonly list: readonly string[];
  /** One of a few words. */
  readonly choice: string;
  readonly number: number;
  readonly positive: number;
  /** `-1,0,0.5` */
  readonly numbers: readonly number[];
  /** Between 0 and 1, both excluded. */
  readonly share: number;
  /** Below 1, 0 included. */
  readonly 'share-or-none': number;
  readonly 'whole-from-0': number;
  readonly 'whole-from-1': number;
  readonly 'whole-from-2': number;
  readonly 'whole-from-28': number;
  /** `COLUMN=KIND`, several times. */
  readonly 'column-kinds': Readonly<Record<string, ColumnKind>>;
}

export type ValueType = keyof FlagValues;

type Parse<Value> = (text: string, previous: Value | undefined) => Value;

/** How the text of each type is read; throws commander's error, which names the option. */
export const parsers: { readonly [Type in ValueType]?: Parse<FlagValues[Type]> } = {
  list(text, previous = []) {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.length === 0) throw new InvalidArgumentError('Expected names separated by commas.');
    return [...previous, ...items];
  },
  number: finiteNumber,
  positive(text) {
    const value = Number(text);
    if (value > 0 && value < Infinity) return value;
    throw new InvalidArgumentError('Expected a number above 0.');
  },
  numbers: (text) => text.split(',').map(finiteNumber),
  share,
  'share-or-none': (text) => (text.trim() !== '' && Number(text) === 0 ? 0 : share(text)),
  'whole-from-0': wholeNumber(0),
  'whole-from-1': wholeNumber(1),
  'whole-from-2': wholeNumber(2),
  'whole-from-28': wholeNumber(28),
  'column-kinds'(text, previous = {}) {
    const split = text.lastIndexOf('=');
    const kind = columnKinds.find((each) => each === text.slice(split + 1));
    if (split > 0 && kind !== undefined) return { ...previous, [text.slice(0, split)]: kind };
    throw new InvalidArgumentError(
      `Expected COLUMN=KIND with a kind of ${columnKinds.join(', ')}.`,
    );
  },
};

function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${minimum} on.`);
  };
}

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a share between 0 and 1, such as 0.01.');
}
