import type { ImageSource } from '@unlikely/data/source';
import { detectError } from '../detect-error.ts';
import type { LabelCount, LabelSummary } from '../normal-values.ts';

/** What a label says of a normal image where nobody said otherwise; compared without case. */
const usual = ['0', 'false', 'no', 'normal', 'benign', 'ok', 'good'];

/**
 * The labels of normal images: those given, else the usual words; undefined where the source has no labels.
 *
 * @throws UnlikelyError `detect/normal-values` listing the labels seen, where none is known to be normal.
 */
export function normalLabels(
  source: Pick<ImageSource, 'labels'>,
  given?: readonly string[],
): readonly string[] | undefined {
  const seen = (source.labels ?? []).flatMap(({ value }) => (value === null ? [] : [value]));
  if (source.labels === undefined && given === undefined) return undefined;
  const found =
    given === undefined
      ? seen.filter((value) => usual.includes(value.trim().toLowerCase()))
      : given.filter((value) => seen.includes(value));
  const missing = given?.filter((value) => !seen.includes(value)) ?? [];
  if (found.length > 0 && missing.length === 0) return found;
  const shown = seen.slice(0, 12).join(', ') + (seen.length > 12 ? ', …' : '');
  const expected =
    missing.length > 0
      ? `the label ${missing.join(', ')}`
      : `one of the labels ${usual.join(', ')}`;
  throw detectError('detect/normal-values', `expected ${expected}, got ${shown || 'none'}`, {
    help: 'Say which labels are normal with `--normal LABEL,LABEL`.',
    details: { seen },
  });
}

/**
 * How many images the labels call what, where some are not normal or have none.
 *
 * @param normal Those of normal images.
 */
export function imageLabelSummary(
  { labels = [] }: Pick<ImageSource, 'labels'>,
  normal: readonly string[],
): LabelSummary {
  const counts = labels.flatMap(({ value, count }) =>
    value === null || count === 0 ? [] : [{ value, rows: count }],
  );
  const [many, others] = [true, false].map((isNormal) =>
    counts
      .filter(({ value }) => normal.includes(value) === isNormal)
      .sort((a, b) => b.rows - a.rows),
  ) as [LabelCount[], LabelCount[]];
  const unlabelled = labels.find(({ value }) => value === null)?.count ?? 0;
  return { label: 'label', normal: many, others, unlabelled };
}
