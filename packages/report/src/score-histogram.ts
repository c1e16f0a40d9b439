import type { Layer } from './chart.ts';
import { formatCount, formatScore } from './format.ts';
import { html, type Html } from './html.ts';
import { histogramBars, histogramEdges } from './histogram-bars.ts';
import { plotFigure } from './plot-figure.ts';
import type { ReportData } from './report-data.ts';
import { formatItems, scoreAxis } from './wording.ts';

/**
 * How the scores are distributed, on a square-root scale so that few anomalies stay visible beside
 * many normal rows. With labels, normal rows stand on the axis and anomalies hang below it. The
 * threshold is an edge between two bars, so that no bar is flagged by half.
 */
export function scoreHistogram(data: ReportData): Html {
  const { scored, evaluation } = data;
  const { words } = data;
  const { threshold } = scored;
  const scores = evaluation?.scores ?? scored.scores;
  const edges = histogramEdges(scores, threshold);
  const labels = evaluation?.labels;
  const upper = histogramBars(edges, scores, (row) => labels?.[row] !== 1, 1);
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
            bars: histogramBars(edges, scores, (row) => labels[row] === 1, -1),
            ink: 'anomaly',
          },
        ];
  const [first, last] = [edges[0]!, edges.at(-1)!];
  const drawn = threshold >= first && threshold <= last;
  const beyond = scores.filter((score) => Number.isFinite(score) && score >= last).length;
  return plotFigure({
    title: 'Scores',
    chart: {
      x: { label: scoreAxis(words), domain: [first, last] },
      y: {
        label: `${words.many}`,
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
    description: `${formatCount(scored.flagged)} of ${formatItems(scored.rows, words)} score above the threshold ${formatScore(threshold)}.`,
    caption: html`How many ${words.many} have which score; higher is less likely. Those right of the
    threshold are flagged. Square-root
    scale.${beyond > 0 && ` The last bar holds all that score ${formatScore(last)} or more (${formatItems(beyond, words)}).`}`,
  });
}

function thresholdLine(x: number, first: number, last: number): Layer {
  const place = (x - first) / (last - first);
  const anchor = place < 0.3 ? 'start' : place > 0.7 ? 'end' : 'middle';
  return { kind: 'vertical', x, ink: 'ink', label: `threshold ${formatScore(x)}`, anchor };
}
