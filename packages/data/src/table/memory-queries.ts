import { RandomStream } from '@unlikely/graph';
import { cyclicPeriods, quantileLevels, type CyclicPart } from './schema.ts';
import { chooseRows } from '../sample/choose-rows.ts';
import { numberOf, textOf } from './encode.ts';
import { allNumbers, type ColumnFacts } from './infer/column-facts.ts';
import {
  byFrequency,
  mostQuantileRows,
  type ColumnQueries,
  type Count,
} from './infer/column-queries.ts';
import { hasLeadingZeros, type MemoryColumn } from './memory-columns.ts';
import { numberText } from './number-notation.ts';
import { storageClass } from './storage.ts';
import { cyclicPart, parseTimestamp, secondsOf, timestampOfNumber } from './timestamp-notation.ts';

/** Squares of larger numbers overflow; they are left out of the mean and the deviation. */
const largestSquarable = 1e150;

/** What inference asks of columns in memory, with the answers that the engine gives of a file. */
export function memoryQueries(
  columns: readonly MemoryColumn[],
  missingValues: readonly string[],
): ColumnQueries {
  const named = new Map(columns.map((column) => [column.name, column]));
  const valuesOf = ({ column }: ColumnFacts): readonly unknown[] => named.get(column.name)!.values;
  const counted = (facts: ColumnFacts): Count[] => {
    const asNumber = facts.storage === 'text' && allNumbers(facts);
    return countTexts(
      valuesOf(facts).map((value) =>
        value === undefined ? undefined : asNumber ? numberText(numberOf(value)!) : textOf(value),
      ),
    );
  };
  return {
    columns,
    missingValues,
    facts: async (names) => names.map((name) => factsOf(named.get(name)!)),
    tallyValues: async (facts) =>
      new Map(facts.map((one) => [one.column.name, counted(one).sort(byFrequency)])),
    topValues: async (facts, limit) =>
      counted(facts).sort(byFrequencyInFile).slice(0, limit).sort(byFrequency),
    countSteps: async (facts) => stepsOf(valuesOf(facts).map(numberOf)),
    firstMisfit: async (facts, expected) => {
      const isOne =
        expected === 'number'
          ? (value: unknown): boolean => numberOf(value) !== undefined
          : (value: unknown): boolean => inferredTimestamp(value) !== undefined;
      const values = valuesOf(facts);
      const row = values.findIndex((value) => value !== undefined && !isOne(value));
      return row < 0 ? undefined : { value: String(values[row]), row };
    },
    quantiles: async (facts) => facts.map((one) => quantilesOf(valuesOf(one))),
    tallyCycle: async (facts, part) => cycleOf(valuesOf(facts), part),
  };
}

/** Values with the rows that hold them, in no order. */
export function countTexts(texts: readonly (string | undefined)[]): Count[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts];
}

/** By falling frequency, then as the engine orders texts: by code points. */
export function byFrequencyInFile([a, countA]: Count, [b, countB]: Count): number {
  return countB - countA || compareCodePoints(a, b);
}

function compareCodePoints(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

function factsOf({ name, storageType, values }: MemoryColumn): ColumnFacts {
  const storage = storageClass(storageType);
  const present = values.filter((value) => value !== undefined);
  const numbers =
    storage === 'number' || storage === 'text'
      ? present.map(numberOf).filter((number) => number !== undefined)
      : [];
  const finite = numbers.filter(Number.isFinite);
  const moments =
    storage === 'text'
      ? present
          .filter((value) => numberOf(value) === undefined)
          .map((value) => parseTimestamp(value as string))
          .filter((moment) => moment !== undefined)
      : [];
  const seconds = moments.map(secondsOf);
  const texts = storage === 'text' || storage === 'boolean' ? present.map(String) : [];
  const [minimum, maximum] = [least(finite), most(finite)];
  const { mean, deviation } = momentsOf(
    finite.filter((number) => Math.abs(number) <= largestSquarable),
  );
  return {
    column: { name, storageType },
    storage,
    rows: values.length,
    present: present.length,
    distinct: storage === 'other' ? 0 : new Set(present.map((value) => comparable(value))).size,
    exact: true,
    numbers: numbers.length,
    infinite: numbers.length - finite.length,
    integer: finite.length > 0 && finite.every(Number.isInteger),
    minimum,
    maximum,
    mean: mean ?? minimum,
    deviation,
    leadingZeros: storage === 'text' && texts.some(hasLeadingZeros),
    timestamps: moments.length,
    days: (most(seconds) - least(seconds)) / 86_400,
    constantText: texts.every((text) => text === texts[0]) ? texts[0] : undefined,
  };
}

/** 1n and 1 are one number. */
function comparable(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** In the engine's order of operations, so that the bits are its own (Welford 1962). */
function momentsOf(numbers: readonly number[]): { mean: number | undefined; deviation: number } {
  let sum = 0;
  let mean = 0;
  let squares = 0;
  numbers.forEach((number, index) => {
    sum += number;
    const before = number - mean;
    mean += before / (index + 1);
    squares += (number - mean) * before;
  });
  const count = numbers.length;
  return {
    mean: count === 0 ? undefined : sum / count,
    deviation: count > 1 ? Math.sqrt(squares / count) : 0,
  };
}

function quantilesOf(values: readonly unknown[]): number[] {
  const chosen =
    values.length <= mostQuantileRows
      ? values
      : [...chooseRows(values.length, mostQuantileRows, new RandomStream(0, 'quantiles'))].map(
          (row) => values[row],
        );
  const sorted = Float64Array.from(chosen.map(numberOf).filter(isFiniteNumber)).sort();
  if (sorted.length === 0) return [];
  return quantileLevels.map((level) => {
    const place = (sorted.length - 1) * level;
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    const weight = place - Math.floor(place);
    return weight === 0 ? low : low * (1 - weight) + high * weight;
  });
}

function stepsOf(numbers: readonly (number | undefined)[]): { falls: number; ties: number } {
  let falls = 0;
  let ties = 0;
  for (let row = 1; row < numbers.length; row++) {
    const [before, value] = [numbers[row - 1], numbers[row]];
    if (before === undefined || value === undefined) continue;
    if (value < before) falls++;
    if (value === before) ties++;
  }
  return { falls, ties };
}

function cycleOf(values: readonly unknown[], part: CyclicPart): number[] {
  const counts = Array.from({ length: cyclicPeriods[part] }, () => 0);
  let total = 0;
  for (const value of values) {
    const moment = value === undefined ? undefined : inferredTimestamp(value);
    const place = moment === undefined ? NaN : cyclicPart(part, moment);
    if (Number.isNaN(place)) continue;
    counts[place]!++;
    total++;
  }
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/** While a kind is chosen, text holds times only in their own notation. */
function inferredTimestamp(value: unknown): ReturnType<typeof parseTimestamp> {
  if (typeof value === 'string') return parseTimestamp(value);
  return typeof value === 'boolean' ? undefined : timestampOfNumber(Number(value));
}

function isFiniteNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

/** 0 where there are none. */
function least(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((a, b) => Math.min(a, b));
}

/** 0 where there are none. */
function most(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((a, b) => Math.max(a, b));
}
