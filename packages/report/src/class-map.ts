import type { Point } from './chart.ts';
import { classGroups } from './class-groups.ts';
import { formatCount } from './format.ts';
import type { Picture } from './picture.ts';
import { drawnRange } from './quantile.ts';
import type { Words } from '@unlikely/detect';
import { formatItems } from './wording.ts';

/** Share of the points that the frame is drawn around: a few far ones would leave the rest no room. */
const bulk = 0.9;

/** Rows as points of a plane, told apart by the values of a label. */
export function classMap(
  points: readonly Point[],
  values: readonly (string | null)[],
  label: string,
  words: Words,
  anomalous?: Uint8Array,
): Picture['figures'][number] & { readonly caption: string } {
  const groups = classGroups(values, anomalous);
  return {
    title: '',
    chart: {
      width: 720,
      height: 480,
      x: {
        label: 'first direction',
        bare: true,
        domain: drawnRange(
          points.map(([x]) => x),
          bulk,
        ),
      },
      y: {
        label: 'second direction',
        bare: true,
        domain: drawnRange(
          points.map(([, y]) => y),
          bulk,
        ),
      },
      // Rare values are drawn over frequent ones.
      layers: groups
        .toSorted((a, b) => b.rows.length - a.rows.length)
        .map(({ ink, rows }) => ({
          kind: 'dots',
          points: rows.map((row) => points[row]!),
          ink,
          radius: 2.6,
        })),
    },
    keys: groups.map(({ name, ink, rows }) => ({
      mark: 'dot',
      ink,
      label: `${name} (${formatCount(rows.length)})`,
    })),
    caption: `${formatItems(points.length, words)} by their latent codes, coloured by ${label}.`,
  };
}
