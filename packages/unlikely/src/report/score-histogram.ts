import type { Bar, Layer } from './chart.ts';
import { formatCount, formatRows, formatScore } from './format.ts';
import { html, type Html } from './html.ts';
import { plotFigure } from './plot-figure.ts';
import { quantileOf } from './quantile.ts';
import type { ReportData } from './report-data.ts';

const bins = 48;

/**
 * How the scores are distributed, on a square-root scale so that few anomalies stay visible beside
 * many normal rows. With labels, normal rows stand on the axis and anomalies hang below it. The
 * threshold is an edge between two bars, so that no bar is flagged by half.
 */
export function scoreHistogram({ scored, evaluation }: ReportData): Html {
  const { threshold } = scored;
  const scores = evaluation?.scores ?? scored.scores;
  const edges = edgesOf(scores, threshold);
  const labels = evaluation?.labels;
  const upper = barsOf(edges, scores, (row) => labels?.[row] !== 1, 1);
  const layers: Layer[] =
    labels === undefined
      ? [
          { kind: 'bars', bars: upper.filter(({ from }) => from < threshold), ink: 'normal' },
          { kind: 'bars', bars: upper.filter(({ from }) => from >= threshold), ink: 'anomaly' },
        ]
      : [
          { kind: 'bars', bars: upper, ink: 'normal' },
          {
            kind: 'bars',
            bars: barsOf(edges, scores, (row) => labels[row] === 1, -1),
            ink: 'anomaly',
          },
        ];
  const [first, last] = [edges[0]!, edges.at(-1)!];
  const drawn = threshold >= first && threshold <= last;
  const beyond = scores.filter((score) => Number.isFinite(score) && score >= last).length;
  return plotFigure({
    title: 'Scores',
    chart: {
      x: { label: 'score (nats)', domain: [first, last] },
      y: {
        label: 'rows',
        scale: 'sqrt',
        ticks: 6,
        format: (value) => formatCount(Math.abs(value)),
      },
      layers: [
        ...layers,
        { kind: 'horizontal', y: 0, ink: 'muted' },
        ...(drawn ? [thresholdLine(threshold, first, last)] : []),
      ],
    },
    keys:
      labels === undefined
        ? [
            { mark: 'bar', ink: 'normal', label: 'not flagged' },
            { mark: 'bar', ink: 'anomaly', label: 'flagged' },
          ]
        : [
            { mark: 'bar', ink: 'normal', label: 'labelled normal (up)' },
            { mark: 'bar', ink: 'anomaly', label: 'labelled anomalous (down)' },
          ],
    description: `${formatCount(scored.flagged)} of ${formatRows(scored.rows)} score above the threshold ${formatScore(threshold)}.`,
    caption: html`How many rows have which score; higher is less likely. Rows right of the threshold
    are flagged. Square-root
    scale.${beyond > 0 && ` The last bar holds all that score ${formatScore(last)} or more (${formatRows(beyond)}).`}`,
  });
}

function thresholdLine(x: number, first: number, last: number): Layer {
  const place = (x - first) / (last - first);
  const anchor = place < 0.3 ? 'start' : place > 0.7 ? 'end' : 'middle';
  return { kind: 'vertical', x, ink: 'ink', label: `threshold ${formatScore(x)}`, anchor };
}

/**
 * From the lowest scores to five times as far above the threshold as it lies above the median:
 * what scores higher still goes into the last bar.
 */
function edgesOf(scores: Float64Array, threshold: number): number[] {
  const sorted = scores.filter(Number.isFinite).sort();
  const median = quantileOf(sorted, 0.5);
  const reach = threshold - median;
  let low = quantileOf(sorted, 0.001);
  let high = quantileOf(sorted, 1);
  if (sorted.length === 0) [low, high] = [0, 1];
  else if (Number.isFinite(reach) && reach > 0) {
    low = Math.max(low, median - 3 * reach);
    high = Math.max(Math.min(high, threshold + 5 * reach), threshold + reach / 2);
  }
  const width = high > low ? (high - low) / bins : 1 / bins;
  const anchor = threshold > low && threshold < high ? threshold : low;
  const first = anchor - Math.ceil((anchor - low) / width) * width;
  return Array.from({ length: bins + 2 }, (_, edge) =>
    // The threshold itself, not a rounded sum that equals it almost.
    edge === Math.round((anchor - first) / width) ? anchor : first + edge * width,
  );
}

/** Counts the chosen rows; a bar holds what lies above its lower edge, the outermost what lies beyond. */
function barsOf(
  edges: readonly number[],
  scores: Float64Array,
  chosen: (row: number) => boolean,
  sign: 1 | -1,
): Bar[] {
  const counts = new Float64Array(edges.length - 1);
  const width = (edges.at(-1)! - edges[0]!) / counts.length;
  scores.forEach((score, row) => {
    if (!Number.isFinite(score) || !chosen(row)) return;
    let bar = Math.min(Math.max(Math.floor((score - edges[0]!) / width), 0), counts.length - 1);
    // A row is flagged above the threshold, not at it, so a bar holds its upper edge.
    if (bar > 0 && score <= edges[bar]!) bar--;
    else if (bar < counts.length - 1 && score > edges[bar + 1]!) bar++;
    counts[bar]!++;
  });
  return [...counts].flatMap((count, bar) =>
    count === 0 ? [] : [{ from: edges[bar]!, to: edges[bar + 1]!, height: sign * count }],
  );
}
