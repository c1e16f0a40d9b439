import type { ImageSource, Table } from '@unlikely/data/source';
import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from './detect-error.ts';

/** What a label says of a normal item where nobody said otherwise; compared without case. */
const usual = ['0', 'false', 'no', 'normal', 'benign', 'ok', 'good'];
/** Beside another of these it may as well be a grade: nobody knows whether `good` or `ok` is normal, or both. */
const grade = 'good';
/** Values that are looked at, the most frequent ones. */
const mostValues = 1000;

/** The labels of some items. */
export interface Labels {
  /** Their name: that of a column, or `label`. */
  readonly label: string;
  /** Where they stand, in words. */
  readonly place: string;
  /** What has them. */
  readonly noun: 'rows' | 'images';
  readonly counts: readonly { readonly value: string | null; readonly count: number }[];
}

/** How many items a label calls what. */
export interface LabelSummary {
  readonly label: string;
  /** Items by value, most first. */
  readonly normal: readonly LabelCount[];
  readonly others: readonly LabelCount[];
  /** Items without a label. */
  readonly unlabelled: number;
}

export interface LabelCount {
  readonly value: string;
  readonly rows: number;
}

/** The labels in a column of a table. */
export async function labelsOfColumn(table: Table, column: string): Promise<Labels> {
  const counts = await table.values(column, mostValues);
  return { label: column, place: `in the label column ${column}`, noun: 'rows', counts };
}

/** The labels of images: no value where they have none. */
export function labelsOfImages({ labels = [] }: Pick<ImageSource, 'labels'>): Labels {
  const counts = labels.toSorted((a, b) => b.count - a.count).filter(({ count }) => count > 0);
  return { label: 'label', place: 'among the labels of the images', noun: 'images', counts };
}

/**
 * Which items are normal, for a training.
 *
 * @param given Chosen by the user; each must occur.
 * @throws UnlikelyError `detect/normal-values` where no value is known to be normal, it may be one of several,
 *   or one that was guessed stands for hardly any item.
 */
export function trainingLabel(labels: Labels, given?: readonly string[]): LabelSummary {
  const summary = summaryOf(labels, given);
  if (given === undefined) refuseRareNormal(labels, summary);
  return summary;
}

/**
 * Which values are normal, for an evaluation: the user's choice, else what training took for normal by the
 * same label, else the usual words.
 *
 * @param trained What training took for normal by this label.
 * @throws UnlikelyError `detect/normal-values`.
 */
export function evaluatedLabel(
  labels: Labels,
  given: readonly string[] | undefined,
  trained: readonly string[] | undefined,
): readonly string[] {
  if (given !== undefined || trained === undefined) {
    return summaryOf(labels, given).normal.map(({ value }) => value);
  }
  const seen = seenIn(labels).map(({ value }) => value);
  const others = otherSpellings(seen, trained);
  // There may be anomalies alone; but a word for normal that training did not have is another spelling.
  if (others.length === 0) return trained;
  throw asked(
    labels,
    `expected ${trained.join(', ')} ${labels.place}, as in training, got ${listed(seen)}`,
    `Say which values are normal: \`--normal ${others.join(',')}\`.`,
  );
}

/** Whether a label says nothing of its item. */
export function isUnlabelled(value: string | null): value is null {
  return value === null || value.trim() === '';
}

function seenIn({ counts }: Labels): LabelCount[] {
  return counts.flatMap(({ value, count }) =>
    isUnlabelled(value) ? [] : [{ value, rows: count }],
  );
}

function summaryOf(labels: Labels, given: readonly string[] | undefined): LabelSummary {
  const seen = seenIn(labels);
  const values = seen.map(({ value }) => value);
  const found = given === undefined ? values.filter(isUsualNormal) : given;
  const missing = found.filter((value) => !values.includes(value));
  if (found.length === 0 || missing.length > 0) throw noneNormal(labels, values, missing);
  if (given === undefined) refuseGrades(labels, found);
  return {
    label: labels.label,
    normal: seen.filter(({ value }) => found.includes(value)),
    others: seen.filter(({ value }) => !found.includes(value)),
    unlabelled: labels.counts.reduce(
      (sum, { value, count }) => (isUnlabelled(value) ? sum + count : sum),
      0,
    ),
  };
}

function noneNormal(
  labels: Labels,
  seen: readonly string[],
  missing: readonly string[],
): UnlikelyError {
  const expected =
    missing.length > 0 ? `the value ${missing.join(', ')}` : `one of ${usual.join(', ')}`;
  const came = seen.length === 0 ? 'no value at all' : listed(seen);
  return asked(
    labels,
    `expected ${expected} ${labels.place}, got ${came}`,
    'Say which values are normal with `--normal VALUE,VALUE`.',
  );
}

function refuseGrades(labels: Labels, found: readonly string[]): void {
  const good = found.find((value) => normalise(value) === grade);
  if (good === undefined || found.every((value) => normalise(value) === grade)) return;
  const all = found.join(',');
  throw asked(
    labels,
    `expected one word for normal ${labels.place}, got ${found.join(' and ')}: are they all normal?`,
    `If they are, say so with \`--normal ${all}\`; else name those that are, such as \`--normal ${good}\`.`,
  );
}

/** Normal items are the many; what stands for fewer of the labelled ones is more likely the other class. */
const leastNormalShare = 0.1;

function refuseRareNormal(labels: Labels, { label, normal, others }: LabelSummary): void {
  const rowsOf = (counts: readonly LabelCount[]): number =>
    counts.reduce((sum, { rows }) => sum + rows, 0);
  const [rows, rest] = [rowsOf(normal), rowsOf(others)];
  if (rows >= leastNormalShare * (rows + rest)) return;
  const names = normal.map(({ value }) => value).join(',');
  throw asked(
    labels,
    `expected normal ${labels.noun} to be the many, got ${rows} of ${rows + rest} with ${label} = ${names}: is that normal?`,
    `If it is, say so with \`--normal ${names}\`; else name what is, such as \`--normal ${others[0]!.value}\`.`,
  );
}

function asked(labels: Labels, message: string, help: string): UnlikelyError {
  const { label } = labels;
  const seen = seenIn(labels).map(({ value }) => value);
  return detectError('detect/normal-values', message, { help, details: { label, seen } });
}

function listed(values: readonly string[]): string {
  return values.slice(0, 12).join(', ') + (values.length > 12 ? ', …' : '');
}

/**
 * Values of a label that look like normal ones in another spelling than in training: in another case, or
 * another usual word, unless the user chose there what is not usual.
 */
function otherSpellings(seen: readonly string[], normal: readonly string[]): string[] {
  const isKnown = normal.some((value) => seen.includes(value));
  const isUsual = normal.every(isUsualNormal) || !isKnown;
  return seen.filter(
    (value) =>
      !normal.includes(value) &&
      ((isUsual && isUsualNormal(value)) ||
        normal.some((other) => normalise(other) === normalise(value))),
  );
}

/** Whether a value of a label usually means a normal item. */
function isUsualNormal(value: string): boolean {
  return usual.includes(normalise(value));
}

/** `0.0` and `FALSE.` of other tools mean the same. */
function normalise(value: string): string {
  const text = value.trim().toLowerCase().replace(/\.$/, '');
  return /^0\.0+$/.test(text) ? '0' : text;
}
