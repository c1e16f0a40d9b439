import type { History, Words } from '@unlikely/detect';
import {
  classHistograms,
  classMap,
  latentFigure,
  trainingFigures,
  unitFigure,
} from '@unlikely/report';
import type { Picture } from '@unlikely/report';
import { formatCount, formatItems, formatScore, formatShare } from '@unlikely/report/words';
import { mainPlane } from '../report/main-plane.ts';
import type { PlotLayout } from './run/flags.ts';

/** Points of a map: more make it slow and no richer; UMAP takes its time for each. */
export const mapPoints: Readonly<Record<PlotLayout, number>> = { pca: 3000, umap: 1500 };
const layoutWords: Readonly<Record<PlotLayout, string>> = {
  pca: 'The plane shows the two directions in which the codes differ most (PCA); far points are drawn at the frame.',
  umap: 'Neighbours stay neighbours (UMAP); distances between groups mean little.',
};

/** The loss of a training and its terms. */
export function lossPicture(history: History, words: Words): Picture {
  const units = unitFigure(history, words);
  const figures = [...trainingFigures(history, words), ...(units === null ? [] : [units])];
  return {
    title: 'How the training went',
    caption: figures.map(({ description }) => description).join(' '),
    figures: figures.map((figure) => ({
      ...figure,
      chart: { ...figure.chart, width: 400, height: 280 },
    })),
    columns: 3,
  };
}

export interface MapInput {
  /** Of each point. */
  readonly codes: readonly Float32Array[];
  readonly scores: readonly number[];
  readonly labels: readonly (string | null)[];
  /** What the labels are called; absent: coloured by score. */
  readonly label?: string;
  readonly layout: PlotLayout;
  readonly seed: number;
  readonly threshold: number | undefined;
  readonly words: Words;
}

/** Codes as points of a plane, coloured by label or by score. */
export async function mapPicture(input: MapInput): Promise<Picture> {
  const { codes, scores, labels, label, layout, seed, threshold, words } = input;
  const plane =
    layout === 'pca' ? mainPlane(codes) : (await import('./umap-plane.ts')).umapPlane(codes, seed);
  const title = 'Map of the codes';
  if (label !== undefined) {
    const { caption, ...figure } = classMap(plane, labels, label, words);
    return { title, caption: `${caption} ${layoutWords[layout]}`, figures: [figure] };
  }
  const points = plane.map(([x, y], index) => ({ x, y, score: scores[index]! }));
  const figure = latentFigure(points, threshold ?? Infinity, words);
  return {
    title,
    caption: `${figure.description} Darker is less likely. ${layoutWords[layout]}`,
    figures: [{ ...figure, title: '', chart: { ...figure.chart, width: 720, height: 480 } }],
  };
}

export interface HistogramInput {
  readonly scores: Float64Array;
  readonly labels: readonly (string | null)[];
  /** What the labels are called; absent: all are one. */
  readonly label?: string;
  /** What the scores are: `Scores`. */
  readonly what: string;
  readonly axis: string;
  readonly threshold: number | undefined;
  /** What the threshold promises. */
  readonly rate: number | undefined;
  readonly words: Words;
}

/** A histogram for each value of the label. */
export function histogramPicture(input: HistogramInput): Picture {
  const { scores, labels, label, what, axis, threshold, rate, words } = input;
  const flagged = scores.filter((score) => threshold !== undefined && score > threshold).length;
  const promise =
    threshold === undefined || rate === undefined
      ? ''
      : ` ${formatCount(flagged)} score above the threshold ${formatScore(threshold)}, as of normal ${words.many} at most ${formatShare(rate)} do.`;
  return {
    title: label === undefined ? what : `${what} by ${label}`,
    caption: `${formatItems(scores.length, words)}; each histogram shows shares of its own ${words.many}, and its last bar all that lie beyond.${promise}`,
    figures: classHistograms(scores, labels, axis, threshold, words),
  };
}
