import type { Key, Layer, Point } from './chart.ts';
import { html, type Html } from './html.ts';
import type { Ink } from './palette.ts';
import { plotFigure } from './plot-figure.ts';
import type { Figure } from './plot-figure.ts';
import { drawnRange, quantileOf } from './quantile.ts';
import type { LatentPoint } from './report-data.ts';
import type { Words } from '@unlikely/detect';
import { formatItems } from './wording.ts';

/** More points make the page heavy and the picture no richer. */
export const mostLatentPoints = 3000;

/** Shares of the rows that are not flagged, from which on the next darker colour is used. */
const levels = [
  { from: 0, ink: 'level0', label: 'lower half of the scores' },
  { from: 0.5, ink: 'level1', label: '50–80 %' },
  { from: 0.8, ink: 'level2', label: '80–95 %' },
  { from: 0.95, ink: 'level3', label: 'highest 5 % not flagged' },
] as const;

/** The rows in the plane of their codes' two main directions, darker the less likely they are. */
export function latentMap(points: readonly LatentPoint[], threshold: number, words: Words): Html {
  return plotFigure(latentFigure(points, threshold, words));
}

/** The figure of `latentMap`. */
export function latentFigure(
  points: readonly LatentPoint[],
  threshold: number,
  words: Words,
): Figure {
  const drawn = chosenPoints(points);
  const calm = drawn.filter(({ score }) => !(score > threshold));
  const flagged = drawn.filter(({ score }) => score > threshold);
  const sorted = Float64Array.from(calm, ({ score }) => score).sort();
  const bounds = levels.map(({ from }) => (from === 0 ? -Infinity : quantileOf(sorted, from)));
  const groups = [
    ...levels.map(({ ink }, level) => {
      const [from, to] = [bounds[level]!, bounds[level + 1] ?? Infinity];
      return { ink, points: calm.filter(({ score }) => score >= from && score < to), radius: 2.2 };
    }),
    { ink: 'anomaly', points: flagged, radius: 3 } as const,
  ];
  const layers = groups.flatMap(({ ink, points: inside, radius }): Layer[] => [
    dots(
      inside.filter(({ isAnomaly }) => isAnomaly !== true),
      ink,
      radius,
      false,
    ),
    dots(
      inside.filter(({ isAnomaly }) => isAnomaly === true),
      ink,
      radius,
      true,
    ),
  ]);
  const keys: Key[] = [
    ...levels.map(({ ink, label }): Key => ({ mark: 'dot', ink, label })),
    { mark: 'dot', ink: 'anomaly', label: 'flagged' },
  ];
  if (drawn.some(({ isAnomaly }) => isAnomaly === true)) {
    keys.push({ mark: 'ring', ink: 'ink', label: 'hollow: labelled anomalous' });
  }
  return {
    title: 'Map of the codes',
    chart: {
      x: { label: 'first direction', bare: true, domain: drawnRange(drawn.map(({ x }) => x)) },
      y: { label: 'second direction', bare: true, domain: drawnRange(drawn.map(({ y }) => y)) },
      layers: layers.filter((layer) => layer.kind !== 'dots' || layer.points.length > 0),
    },
    keys,
    description: `${formatItems(drawn.length, words)} by their latent codes, ${formatItems(flagged.length, words)} of them flagged.`,
    caption: html`${formatItems(drawn.length, words)} as the model sees them: ${words.many} with
    similar codes lie close together. The plane shows the two directions in which the codes differ
    most; far points are drawn at the frame.`,
  };
}

function dots(points: readonly LatentPoint[], ink: Ink, radius: number, hollow: boolean): Layer {
  return { kind: 'dots', points: points.map(place), ink, radius, hollow };
}

function place({ x, y }: LatentPoint): Point {
  return [x, y];
}

/** All points, or those that score highest and evenly many of the others, in their order. */
export function chosenPoints(points: readonly LatentPoint[]): readonly LatentPoint[] {
  const finite = points.filter(({ x, y, score }) => [x, y, score].every(Number.isFinite));
  if (finite.length <= mostLatentPoints) return finite;
  const scores = Float64Array.from(finite, ({ score }) => score).sort();
  const high = scores[scores.length - mostLatentPoints / 10]!;
  const top = finite.filter(({ score }) => score > high);
  const rest = finite.filter(({ score }) => score <= high);
  const stride = rest.length / (mostLatentPoints - top.length);
  const others = Array.from({ length: mostLatentPoints - top.length }, (_, index) => {
    return rest[Math.floor(index * stride)]!;
  });
  return [...others, ...top];
}
