import type { Field } from '@unlikely/data/source';
import { shiftSizes } from './anomaly-kind.ts';
import type { InjectedRows } from './inject-anomalies.ts';

/** What is found where one field alone is changed. */
export interface FieldPower {
  /** As `schema.fields` names it. */
  readonly field: string;
  /** Share found of values shifted by 1, 2, 3, 4 and 5 deviations, or the one share of exchanged categories. */
  readonly found: readonly number[];
}

/** The fields that were changed alone, in the order of the schema. */
export function fieldPowers(
  fields: readonly Field[],
  injected: readonly InjectedRows[],
  isFound: readonly Uint8Array[],
): FieldPower[] {
  const tallies = new Map<number, { rows: number[]; found: number[] }>();
  injected.forEach(({ target }, index) => {
    target.forEach(({ field, deviations }, row) => {
      if (field === undefined) return;
      const sizes = deviations === undefined ? 1 : shiftSizes.length;
      const zeros = (): number[] => Array.from({ length: sizes }, () => 0);
      const tally = tallies.get(field) ?? { rows: zeros(), found: zeros() };
      tallies.set(field, tally);
      const place = deviations === undefined ? 0 : shiftSizes.indexOf(deviations as 1);
      tally.rows[place]! += 1;
      tally.found[place]! += isFound[index]![row]!;
    });
  });
  return [...tallies]
    .sort(([a], [b]) => a - b)
    .map(([field, { rows, found }]) => ({
      field: fields[field]!.name,
      found: found.map((count, place) => (rows[place] === 0 ? 0 : count / rows[place]!)),
    }));
}

/** The least shift, in deviations of the column, of which at least half is found; null where there is none. */
export function smallestShift({ found }: FieldPower): number | null {
  if (found.length !== shiftSizes.length) return null;
  return shiftSizes.find((_, place) => found[place]! >= 0.5) ?? null;
}
