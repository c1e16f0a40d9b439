import type { Field } from '@unlikely/data/source';
import { formatNumber } from './format-number.ts';

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

/** A value and its expectation as people read them. */
export interface FieldWords {
  /** `1,234`, `blue`, `03:00`, `missing`. */
  readonly value: string;
  /** Empty where the value is missing. */
  readonly expected: string;
  /** Ends of the 90 % interval; null but for numbers and counts. */
  readonly lower: string | null;
  /** The upper end, as `lower`. */
  readonly upper: string | null;
}

interface Told extends FieldWords {
  readonly sentence: string;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

function numberWords(field: Field & { kind: 'numeric' | 'count' }, finding: FieldFinding): Told {
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
  { encoded, expected, original, contribution }: FieldFinding,
): Told {
  const known = field.categories[encoded];
  const value = known ?? String(original ?? 'another value');
  const likely = field.categories[expected] ?? 'another value';
  const sentence =
    known === undefined
      ? `${field.name} is ${value}, which no training row had; expected ${likely}`
      : value === likely
        ? `${field.name} is ${value}, ${besideOthers(contribution)}`
        : `${field.name} is ${value}, expected ${likely}`;
  return { value, expected: likely, lower: null, upper: null, sentence };
}

function cyclicWords(
  field: Field & { kind: 'cyclic' },
  { encoded, expected, contribution }: FieldFinding,
): Told {
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
        ? `${field.name} is ${value}, ${besideOthers(contribution)}`
        : `${field.name} is ${value}, expected ${likely}`,
  };
}

/** Of a value that is the likeliest one: what speaks against it lies in its company, if anything does. */
function besideOthers(contribution: number): string {
  return contribution > 0 ? 'unusual beside the other values' : 'as expected';
}

const words: { readonly [K in Field['kind']]: (field: never, finding: FieldFinding) => Told } = {
  numeric: numberWords,
  count: numberWords,
  binary: categoryWords,
  categorical: categoryWords,
  cyclic: cyclicWords,
};

/** One field of one row in words, with the finding as a sentence. */
export function fieldWords(field: Field, finding: FieldFinding): Told {
  if (Number.isNaN(finding.encoded)) {
    const sentence = `${field.name} is missing`;
    return { value: 'missing', expected: '', lower: null, upper: null, sentence };
  }
  return words[field.kind](field as never, finding);
}
