import { classInks } from './palette.ts';
import type { Ink } from './palette.ts';

/** Rows of one value of a label, or of all the rarer ones. */
export interface ClassGroup {
  readonly name: string;
  readonly ink: Ink;
  /** Positions in the list of values. */
  readonly rows: readonly number[];
}

/**
 * The rows by the values of their label: those without an anomaly first, then the most frequent, then by
 * name; beyond the number of colours the rarer values are one group. Where all that are left are
 * numbers, they stand in their order.
 *
 * @param anomalous 1 for rows that are labelled anomalies; absent where that is not known.
 */
export function classGroups(
  values: readonly (string | null)[],
  anomalous?: Uint8Array,
): ClassGroup[] {
  const rows = new Map<string, number[]>();
  values.forEach((value, row) => {
    const name = value ?? 'missing';
    const own = rows.get(name);
    if (own === undefined) rows.set(name, [row]);
    else own.push(row);
  });
  const holdsAnomaly = (own: readonly number[]): number =>
    Number(own.some((row) => anomalous?.[row] === 1));
  const sorted = [...rows].sort(
    ([a, first], [b, second]) =>
      holdsAnomaly(first) - holdsAnomaly(second) ||
      second.length - first.length ||
      (a < b ? -1 : 1),
  );
  const frequent = sorted.slice(0, classInks.length);
  const numbers = frequent.every(([name]) => name.trim() !== '' && Number.isFinite(Number(name)));
  const named = numbers ? frequent.toSorted(([a], [b]) => Number(a) - Number(b)) : frequent;
  const rare = sorted.slice(named.length);
  const groups = named.map(([name, own], index) => ({ name, ink: classInks[index]!, rows: own }));
  if (rare.length === 0) return groups;
  const others = rare.flatMap(([, own]) => own).sort((a, b) => a - b);
  return [...groups, { name: `${rare.length} others`, ink: 'muted', rows: others }];
}
