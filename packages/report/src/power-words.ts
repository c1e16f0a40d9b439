import { shiftSizes, smallestShift } from '@unlikely/detect';
import type { AnomalyKind, FieldPower } from '@unlikely/detect';
import { formatShare } from './format.ts';

interface KindWords {
  readonly title: string;
  /** How such rows are made. */
  readonly made: string;
}

/** The kinds of injected anomalies for people. */
export const kindWords: Readonly<Record<AnomalyKind, KindWords>> = {
  local: {
    title: 'local',
    made: 'noise on all numbers of a row, twice as wide as the rows around it lie',
  },
  global: { title: 'global', made: 'every value anywhere in the range of its column' },
  clustered: {
    title: 'clustered',
    made: 'alike rows, five times as far from the mean as normal ones',
  },
  dependency: {
    title: 'dependency',
    made: 'every value ordinary, but from another row: together they do not belong',
  },
  shift: {
    title: 'shift',
    made: 'one number moved by 1 to 5 standard deviations of its column',
  },
  category: { title: 'category', made: 'one category exchanged for another' },
};

/** `3σ` is the least shift of which half is found, `> 5σ` says there is none; of categories it is the share. */
export function sensitivity(power: FieldPower): string {
  if (power.found.length !== shiftSizes.length) return formatShare(power.found[0] ?? 0);
  const smallest = smallestShift(power);
  return smallest === null ? `> ${shiftSizes.at(-1)}σ` : `${smallest}σ`;
}
