import type { ColumnKind } from '../schema.ts';
import { allNumbers, allTimestamps, type ColumnFacts } from './column-facts.ts';
import type { Count } from './column-queries.ts';

/** What is known about a column when its kind is chosen. */
export interface Evidence {
  readonly facts: ColumnFacts;
  /** All values by falling frequency, where there are few. */
  readonly values: readonly Count[] | undefined;
  /** The most frequent values, where there are many. */
  readonly top: readonly Count[];
  /** Steps from row to row, for whole numbers that mostly differ. */
  readonly steps: { readonly falls: number; readonly ties: number } | undefined;
  /** The first text that keeps the column from being numbers or times. */
  readonly misfit: { readonly value: string; readonly row: number } | undefined;
  readonly maximumCategories: number;
}

export interface Decision {
  readonly kind: ColumnKind;
  readonly reason: string;
}

type Rule = (evidence: Evidence) => Decision | undefined;

/** Share of the rows that the most frequent categories must hold for the others to be one. */
const heavyShare = 0.9;
const shownValues = 5;
/** Rows with one text from which on it counts as constant: another comes next in at most one of so many. */
const constantFrom = 10;

/** The rules in order; the first that applies decides. Later rules rely on earlier ones. */
const rules: readonly Rule[] = [
  ({ facts }) =>
    facts.present === 0 ? ignored(`no value in ${integer(facts.rows)} rows`) : undefined,
  ({ facts }) =>
    facts.storage === 'other'
      ? ignored(`${facts.column.storageType} is not a single number, text or time`)
      : undefined,
  timestampRule,
  ({ facts }) => {
    if (facts.constantText === undefined || allNumbers(facts)) return undefined;
    if (facts.storage === 'boolean') {
      return {
        kind: 'binary',
        reason: `always ${facts.constantText}; the other value would be news`,
      };
    }
    const always = `always ${quote(facts.constantText)}`;
    return facts.present < constantFrom
      ? ignored(`${always}, in ${integer(facts.present)} rows: too few to expect it again`)
      : { kind: 'categorical', reason: `${always}; kept, since another value would be news` };
  },
  ({ facts }) =>
    allNumbers(facts) && facts.minimum === facts.maximum && facts.infinite === 0
      ? {
          kind: 'numeric',
          reason: `always ${number(facts.minimum)}; kept, since a later deviation is strong evidence`,
        }
      : undefined,
  ({ facts, values }) => {
    if (values?.length !== 2) return undefined;
    if (facts.present === 2) return ignored(`two values, each once: ${listValues(values)}`);
    return allNumbers(facts) && !isCode(facts)
      ? undefined
      : { kind: 'binary', reason: `two values: ${listValues(values)}` };
  },
  counterRule,
  ({ facts, steps }) => {
    if (!allNumbers(facts)) return undefined;
    const range = `from ${number(facts.minimum)} to ${number(facts.maximum)}`;
    const stored = facts.storage === 'text' ? ', stored as text' : '';
    const infinite =
      facts.infinite > 0 ? `; ${integer(facts.infinite)} are infinite, taken as the largest` : '';
    const clock =
      steps?.falls === 0
        ? '; never falls from row to row: if it is a clock or a counter, ignore it'
        : '';
    const note = `${range}${stored}${infinite}${clock}`;
    if (!facts.integer) return { kind: 'numeric', reason: `decimal numbers ${note}` };
    const different = `${about(facts)} different whole numbers ${note}`;
    return facts.minimum < 0
      ? { kind: 'numeric', reason: different }
      : { kind: 'count', reason: different };
  },
  ({ facts, top }) =>
    facts.exact && facts.distinct === facts.present && facts.present > 2
      ? ignored(`id-like: all ${integer(facts.present)} texts differ${hint(top)}`)
      : undefined,
  ({ facts, values, maximumCategories, misfit }) =>
    values !== undefined && values.length <= maximumCategories
      ? {
          kind: 'categorical',
          reason: `text with ${values.length} different values: ${listValues(values)}${misfitNote(facts, misfit)}`,
        }
      : undefined,
  ({ facts, top, maximumCategories, misfit }) => {
    const heavy = top.slice(0, maximumCategories);
    const share = heavy.reduce((sum, [, count]) => sum + count, 0) / facts.present;
    return share >= heavyShare
      ? {
          kind: 'categorical',
          reason: `text with ${about(facts)} different values, of which the ${maximumCategories} most frequent hold ${percent(share)}; the others count as unseen`,
        }
      : ignored(
          `high-cardinality: text with ${about(facts)} different values in ${integer(facts.present)} rows${misfitNote(facts, misfit)}${hint(top)}`,
        );
  },
];

/** Chooses the kind of a column; the table of rules ends with one that always applies. */
export function chooseKind(evidence: Evidence): Decision {
  for (const rule of rules) {
    const decision = rule(evidence);
    if (decision !== undefined) return decision;
  }
  return ignored('no rule applies');
}

/** Whether two numbers only name two things, as 0 and 1 do; others are quantities, whose size matters. */
function isCode({ integer: isWhole, minimum, maximum }: ColumnFacts): boolean {
  return isWhole && maximum - minimum === 1;
}

function timestampRule({ facts }: Evidence): Decision | undefined {
  if (!allTimestamps(facts)) return undefined;
  const stored = facts.storage === 'text' ? 'text that holds times' : 'times';
  const span = `${stored} over ${spanText(facts.days)}`;
  return cyclicParts(facts.days).length === 0
    ? ignored(`${span}: too short to learn a daily cycle from`)
    : { kind: 'timestamp', reason: `${span}: ${cyclicParts(facts.days).join(', ')}` };
}

/** The cycles that the days cover twice; what was seen once cannot be told from a trend. */
export function cyclicParts(days: number): ('hour' | 'weekday' | 'month')[] {
  const parts: ('hour' | 'weekday' | 'month')[] = [];
  if (days >= 2) parts.push('hour');
  if (days >= 14) parts.push('weekday');
  if (days >= 730) parts.push('month');
  return parts;
}

/** Whole numbers that count the rows, or tell the time. */
function counterRule({ facts, steps }: Evidence): Decision | undefined {
  if (!allNumbers(facts) || !facts.integer || steps === undefined) return undefined;
  const rising = steps.falls === 0 && steps.ties === 0;
  const range = `${number(facts.minimum)} to ${number(facts.maximum)}`;
  const unit = unixUnit(facts);
  if (unit !== undefined && steps.falls === 0) {
    const days = (facts.maximum - facts.minimum) / unit.perDay;
    if (cyclicParts(days).length > 0) {
      return {
        kind: 'timestamp',
        reason: `whole numbers that never fall from row to row, ${range}: Unix time in ${unit.name} over ${spanText(days)}`,
      };
    }
  }
  if (rising) {
    return ignored(
      `id-like: rises with every row from ${range}; every new row would be out of range`,
    );
  }
  const isRange = facts.maximum - facts.minimum + 1 === facts.present;
  return isRange && facts.exact && facts.distinct === facts.present
    ? ignored(`id-like: each whole number from ${range} stands once`)
    : undefined;
}

/** Seconds or milliseconds between the years 2000 and 2100. */
function unixUnit({ minimum, maximum }: ColumnFacts): { name: string; perDay: number } | undefined {
  if (minimum >= 946_684_800 && maximum < 4_102_444_800) return { name: 'seconds', perDay: 86_400 };
  return minimum >= 946_684_800_000 && maximum < 4_102_444_800_000
    ? { name: 'milliseconds', perDay: 86_400_000 }
    : undefined;
}

function ignored(reason: string): Decision {
  return { kind: 'ignored', reason };
}

function misfitNote(facts: ColumnFacts, misfit: Evidence['misfit']): string {
  if (misfit === undefined) return '';
  const what = facts.numbers > facts.timestamps ? 'numbers' : 'times';
  const share = percent(Math.max(facts.numbers, facts.timestamps) / facts.present);
  return `; ${share} are ${what}, but row ${misfit.row} holds ${quote(misfit.value)}: correct it, or name it as a missing value`;
}

function hint(top: readonly Count[]): string {
  const sample = top[0]?.[0] ?? '';
  return /^\d{1,2}[./]\d{1,2}[./]\d{4}/.test(sample) ? '; write dates as 2024-12-31' : '';
}

function listValues(values: readonly Count[]): string {
  const shown = values.slice(0, shownValues).map(([value]) => value);
  return shown.join(', ') + (values.length > shownValues ? ', …' : '');
}

function about(facts: ColumnFacts): string {
  return `${facts.exact ? '' : 'about '}${integer(facts.distinct)}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function integer(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function number(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15
    ? String(value)
    : String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  const rounded = Math.floor(share * 1000) / 10;
  return `${rounded} %`;
}

function spanText(days: number): string {
  if (days >= 2) return `${integer(Math.floor(days))} days`;
  const hours = days * 24;
  return hours >= 2 ? `${Math.floor(hours)} hours` : `${Math.floor(hours * 60)} minutes`;
}
