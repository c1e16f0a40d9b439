import type { Field } from '@unlikely/data/source';
import { fieldWords } from './field-words.ts';
import type { FieldFinding, FieldWords } from './field-words.ts';

/** Why one row got its score. */
export interface Explanation {
  /** 0-based. */
  readonly row: number;
  /** In nats; higher is less likely. */
  readonly score: number;
  /** Of the score, in nats; NaN where one draw was taken. */
  readonly standardError: number;
  /** Share of normal rows that score at least as high; 1 without calibration. */
  readonly pValue: number;
  /** Share of the latent code, in nats. */
  readonly latent: number;
  /** What the fields of a normal row add up to, in nats. */
  readonly usual: number;
  /** By falling contribution; with `latent` and `usual` they add up to the score. */
  readonly features: readonly FieldExplanation[];
}

/**
 * One field of one row: as numbers for programs, and in words. A category goes by its name; of times the
 * hour is 0 to 23, the weekday 0 (Monday) to 6, the month 0 (January) to 11.
 */
export interface FieldExplanation {
  /** As `schema.fields` names it: the column, with the part of a time. */
  readonly field: string;
  /** As the table names it. */
  readonly column: string;
  /** As it stands in the row; null where it is missing. */
  readonly value: number | string | null;
  /** What the other values let expect, not rounded; of categories the likeliest, null where that is none of them. */
  readonly expected: number | string | null;
  /** Ends of the 90 % interval, not rounded; null but for numbers and counts. */
  readonly lower: number | null;
  /** The upper end, as `lower`. */
  readonly upper: number | null;
  /**
   * What the field has to do with the score beyond what it has in normal rows, in nats: of up to three
   * fields what the score falls by without them, of the others what they add; see `attribution.ts`.
   */
  readonly contribution: number;
  /** The same four for people: rounded, counts not below 0, times by their names. */
  readonly words: FieldWords;
  /** The finding in words. */
  readonly sentence: string;
}

/** One field of one row in numbers and in words. */
export function explainField(field: Field, finding: FieldFinding): FieldExplanation {
  const { encoded, expected, lower, upper, contribution, original } = finding;
  const { sentence, ...words } = fieldWords(field, finding);
  const isNumber = field.kind === 'numeric' || field.kind === 'count';
  const named = (index: number): string | null =>
    'categories' in field ? (field.categories[index] ?? null) : null;
  const isCategory = 'categories' in field;
  return {
    field: field.name,
    column: field.column,
    value: Number.isNaN(encoded)
      ? null
      : isCategory
        ? (named(encoded) ?? textOf(original))
        : encoded,
    expected: isCategory ? named(expected) : expected,
    lower: isNumber ? lower : null,
    upper: isNumber ? upper : null,
    contribution,
    words,
    sentence,
  };
}

/** A category that training did not have, where the table is at hand. */
function textOf(original: unknown): string | null {
  return original === undefined || original === null ? null : String(original);
}
