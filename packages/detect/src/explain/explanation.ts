import type { Field } from '@unlikely/data/source';
import { formatNumber } from './format-number.ts';

/** Why one row got its score. */
export interface Explanation {
  /** 0-based. */
  readonly row: number;
  readonly score: number;
  readonly standardError: number;
  readonly pValue: number;
  /** Share of the latent code, in nats. */
  readonly latent: number;
  /** What the fields of a normal row add up to, in nats. */
  readonly usual: number;
  /** By falling contribution; with `latent` and `usual` they add up to the score. */
  readonly features: readonly FieldExplanation[];
}

export interface FieldExplanation {
  readonly field: string;
  readonly column: string;
  /** The value as the user knows it. */
  readonly value: string;
  readonly expected: string;
  /** Ends of the 90 % interval; null for categories. */
  readonly lower: string | null;
  readonly upper: string | null;
  /**
   * What the field has to do with the score beyond what it has in normal rows, in nats: of up to three
   * fields what the score falls by without them, of the others what they add; see `attribution.ts`.
   */
  readonly contribution: number;
  /** The finding in words. */
  readonly sentence: string;
}

/** What the model says of one field of one row, in the units of the encoded row. */
export interface FieldFinding {
  readonly encoded: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly contribution: number;
  /** The value as it stands in the table. */
  readonly original: unknown;
}

type Words = Pick<FieldExplanation, 'value' | 'expected' | 'lower' | 'upper' | 'sentence'>;

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

function numberWords(field: Field & { kind: 'numeric' | 'count' }, finding: FieldFinding): Words {
  // A count is not negative, and a whole number is expected to be one.
  const shown = (value: number): string => {
    const bounded = field.minimum >= 0 ? Math.max(0, value) : value;
    return formatNumber(field.integer && Math.abs(bounded) >= 10 ? Math.round(bounded) : bounded);
  };
  const [expected, lower, upper] = [finding.expected, finding.lower, finding.upper].map(shown);
  const value = formatNumber(finding.encoded);
  const interval = lower === upper ? '' : ` (${lower} to ${upper})`;
  return {
    value,
    expected: expected!,
    lower: lower!,
    upper: upper!,
    sentence: `${field.name} is ${value}, expected ${expected}${interval}`,
  };
}

function categoryWords(
  field: Field & { kind: 'binary' | 'categorical' },
  { encoded, expected, original }: FieldFinding,
): Words {
  const known = field.categories[encoded];
  const value = known ?? String(original ?? 'another value');
  const likely = field.categories[expected] ?? 'another value';
  const sentence =
    known === undefined
      ? `${field.name} is ${value}, which no training row had; expected ${likely}`
      : value === likely
        ? `${field.name} is ${value}, unusual beside the other values`
        : `${field.name} is ${value}, expected ${likely}`;
  return { value, expected: likely, lower: null, upper: null, sentence };
}

function cyclicWords(
  field: Field & { kind: 'cyclic' },
  { encoded, expected }: FieldFinding,
): Words {
  const names = {
    hour: (index: number) => `${String(index).padStart(2, '0')}:00`,
    weekday: (index: number) => weekdays[index] ?? String(index),
    month: (index: number) => months[index] ?? String(index),
  }[field.part];
  const [value, likely] = [names(encoded), names(expected)];
  return {
    value,
    expected: likely,
    lower: null,
    upper: null,
    sentence:
      value === likely
        ? `${field.name} is ${value}, unusual beside the other values`
        : `${field.name} is ${value}, expected ${likely}`,
  };
}

const words: { readonly [K in Field['kind']]: (field: never, finding: FieldFinding) => Words } = {
  numeric: numberWords,
  count: numberWords,
  binary: categoryWords,
  categorical: categoryWords,
  cyclic: cyclicWords,
};

/** One field of one row in words. */
export function explainField(field: Field, finding: FieldFinding): FieldExplanation {
  const { name, column } = field;
  const { contribution } = finding;
  if (Number.isNaN(finding.encoded)) {
    const sentence = `${name} is missing`;
    return {
      field: name,
      column,
      value: 'missing',
      expected: '',
      lower: null,
      upper: null,
      contribution,
      sentence,
    };
  }
  return { field: name, column, contribution, ...words[field.kind](field as never, finding) };
}
