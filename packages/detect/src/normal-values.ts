import type { Table } from '@unlikely/data/source';
import { detectError } from './detect-error.ts';

/** What a label says of a normal row where nobody said otherwise; compared without case. */
const usual = ['0', 'false', 'no', 'normal', 'benign', 'ok'];
/** Values that are looked at, the most frequent ones. */
const mostValues = 1000;

/**
 * The values of a label column that mean "normal".
 *
 * @param given Chosen by the user; each must occur.
 * @throws UnlikelyError `detect/normal-values` listing the values seen, where none is known to be normal.
 */
export async function normalValues(
  table: Table,
  label: string,
  given?: readonly string[],
): Promise<string[]> {
  return (await labelSummary(table, label, given)).normal.map(({ value }) => value);
}

/** How many rows a label calls what. */
export interface LabelSummary {
  readonly label: string;
  /** Rows by value, most first. */
  readonly normal: readonly LabelCount[];
  readonly others: readonly LabelCount[];
  /** Rows without a label. */
  readonly unlabelled: number;
}

export interface LabelCount {
  readonly value: string;
  readonly rows: number;
}

/**
 * Which rows a label calls normal, for a training.
 *
 * @throws UnlikelyError `detect/normal-values` where no value is known to be normal, or one that was guessed
 *   stands in hardly any row.
 */
export async function trainingLabel(
  table: Table,
  label: string,
  given?: readonly string[],
): Promise<LabelSummary> {
  const summary = await labelSummary(table, label, given);
  if (given === undefined) refuseRareNormal(summary);
  return summary;
}

async function labelSummary(
  table: Table,
  label: string,
  given: readonly string[] | undefined,
): Promise<LabelSummary> {
  const counts = await table.values(label, mostValues);
  const seen = counts.flatMap(({ value, count }) =>
    isUnlabelled(value) ? [] : [{ value, rows: count }],
  );
  const unlabelled = counts.reduce((sum, { value, count }) => {
    return isUnlabelled(value) ? sum + count : sum;
  }, 0);
  const values = seen.map(({ value }) => value);
  const found = new Set(
    given === undefined
      ? values.filter(isUsualNormal)
      : given.filter((value) => values.includes(value)),
  );
  const missing = given?.filter((value) => !found.has(value)) ?? [];
  if (found.size === 0 || missing.length > 0) throw noneNormal(label, values, missing);
  return {
    label,
    normal: seen.filter(({ value }) => found.has(value)),
    others: seen.filter(({ value }) => !found.has(value)),
    unlabelled,
  };
}

/** Whether a label says nothing of its row. */
export function isUnlabelled(value: string | null): value is null {
  return value === null || value.trim() === '';
}

function noneNormal(label: string, seen: readonly string[], missing: readonly string[]): Error {
  const shown =
    seen.length === 0
      ? 'no value in any row'
      : seen.slice(0, 12).join(', ') + (seen.length > 12 ? ', …' : '');
  const expected =
    missing.length > 0 ? `the value ${missing.join(', ')}` : `one of ${usual.join(', ')}`;
  return detectError(
    'detect/normal-values',
    `expected ${expected} in the label column ${label}, got ${shown}`,
    {
      help: 'Say which values are normal with `--normal VALUE,VALUE`.',
      details: { label, seen },
    },
  );
}

/** Normal rows are the many; what stands in fewer of the labelled ones is more likely the other class. */
const leastNormalShare = 0.1;

/** @throws UnlikelyError `detect/normal-values` where values that were guessed stand in hardly any row. */
export function refuseRareNormal({ label, normal, others }: LabelSummary): void {
  const rowsOf = (counts: readonly LabelCount[]): number =>
    counts.reduce((sum, { rows }) => sum + rows, 0);
  const [rows, rest] = [rowsOf(normal), rowsOf(others)];
  if (rows >= leastNormalShare * (rows + rest)) return;
  const names = normal.map(({ value }) => value).join(',');
  throw detectError(
    'detect/normal-values',
    `expected normal rows to be the many, got ${rows} of ${rows + rest} with ${label} = ${names}: is that normal?`,
    {
      help: `If it is, say so with \`--normal ${names}\`; else name what is, such as \`--normal ${others[0]!.value}\`.`,
      details: { label, seen: [...normal, ...others].map(({ value }) => value) },
    },
  );
}

/**
 * Values of a label that look like normal ones in another spelling than in training: in another case, or
 * another usual word, unless the user chose there what is not usual.
 */
export function otherSpellings(seen: readonly string[], normal: readonly string[]): string[] {
  const isKnown = normal.some((value) => seen.includes(value));
  const isUsual = normal.every(isUsualNormal) || !isKnown;
  return seen.filter(
    (value) =>
      !normal.includes(value) &&
      ((isUsual && isUsualNormal(value)) ||
        normal.some((other) => normalise(other) === normalise(value))),
  );
}

/** Whether a value of a label usually means a normal row. */
function isUsualNormal(value: string): boolean {
  return usual.includes(normalise(value));
}

/** `0.0` and `FALSE.` of other tools mean the same. */
function normalise(value: string): string {
  const text = value.trim().toLowerCase().replace(/\.$/, '');
  return /^0\.0+$/.test(text) ? '0' : text;
}
