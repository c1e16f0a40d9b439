import type { Drift, FieldDrift, Words } from '@unlikely/detect';
import { enumerate, formatCount, formatShare } from '@unlikely/report/words';
import type { Flagged } from '../more-than-promised.ts';

const mostNamed = 3;

/** The columns that have moved most, each with how: empty where none has. */
export function movedWords({ fields }: Drift): string {
  const moved = fields.filter(({ hasMoved }) => hasMoved).slice(0, mostNamed);
  return enumerate(moved.map((field) => `${field.field} (${movedBy(field)})`));
}

/** How one field has moved, by what is most of it. */
export function movedBy({ shift, news, missing, missingBefore }: FieldDrift): string {
  const gone = missing - missingBefore;
  if (gone >= Math.max(shift, news)) {
    return `${formatShare(missing)} missing, ${formatShare(missingBefore)} in training`;
  }
  return news >= shift / 2 && news > 0
    ? `${formatShare(news)} of the values are outside of all that training saw`
    : `${formatShare(shift)} of the values lie where those of training did not`;
}

/** That far more is flagged than was promised of normal rows. */
export function promiseWords({ rows, flagged, rate }: Flagged, { many }: Words): string {
  return `${formatCount(flagged)} of ${formatCount(rows)} ${many} are flagged, ${formatShare(flagged / rows)} where of normal ones ${formatShare(rate)} are: either there are many anomalies, or normal ${many} have changed since the training`;
}
