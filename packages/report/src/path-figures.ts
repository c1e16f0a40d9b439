import type { Point } from './chart.ts';
import { formatNumber } from './format.ts';
import type { Picture } from './picture.ts';

/** One column of the table on a way between two rows. */
export interface PathColumn {
  readonly name: string;
  /** On each step; null where there is none. */
  readonly values: readonly (number | string | boolean | null)[];
  /** What the two rows themselves hold. */
  readonly ends: readonly [unknown, unknown];
  /** How much it changes, to choose which are drawn: in deviations for numbers. */
  readonly change: number;
}

const mostColumns = 9;
const longestName = 11;

/** The columns that change most on a way, each in its own units over the share of the way. */
export function pathFigures(columns: readonly PathColumn[]): Picture['figures'] {
  const chosen = columns
    .filter(({ change }) => change > 0)
    .toSorted((a, b) => b.change - a.change)
    .slice(0, mostColumns);
  return chosen.map(({ name, values, ends }) => {
    const numbers = values.every((value) => typeof value === 'number');
    const names = numbers
      ? []
      : [...new Set([values[0], ends[0], ...values, ends[1]].map(String))].reverse();
    const place = (value: unknown): number =>
      numbers ? (typeof value === 'number' ? value : NaN) : names.indexOf(String(value));
    const last = Math.max(1, values.length - 1);
    const points = values.map((value, step): Point => [step / last, place(value)]);
    const own = [
      [0, place(ends[0])],
      [1, place(ends[1])],
    ] as const satisfies Point[];
    return {
      title: name,
      chart: {
        width: 300,
        height: 170,
        x: { label: null, domain: [0, 1], ticks: [0, 0.5, 1] },
        y: numbers
          ? { label: null, ticks: 4, format: formatNumber, room: 62 }
          : {
              label: null,
              domain: [-0.5, Math.max(1, names.length - 1) + 0.5],
              ticks: names.map((_, index) => index),
              format: (index) => shortName(names[index] ?? ''),
              room: 84,
            },
        layers: [
          numbers
            ? { kind: 'line', points, ink: 'normal' }
            : { kind: 'dots', points, ink: 'normal', radius: 3.4 },
          {
            kind: 'dots',
            points: own.filter(([, y]) => Number.isFinite(y)),
            ink: 'anomaly',
            radius: 4.5,
            hollow: true,
          },
        ],
      },
    };
  });
}

function shortName(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}
