import type { Chart, Layer } from './chart.ts';
import { classGroups } from './class-groups.ts';
import { formatScore, formatShare } from './format.ts';
import { histogramBars, histogramEdges } from './histogram-bars.ts';
import type { Words } from '@unlikely/detect';
import { formatItems } from './wording.ts';

/** The histogram of one value of a label. */
export interface ClassHistogram {
  readonly title: string;
  readonly chart: Chart;
}

/**
 * A histogram for each value of a label, one below the other over the same axis, each with bars that
 * add up to its rows, so that rare values are seen as well as frequent ones.
 */
export function classHistograms(
  scores: Float64Array,
  values: readonly (string | null)[],
  axis: string,
  threshold: number | undefined,
  words: Words,
  { width = 720, anomalous }: { readonly width?: number; readonly anomalous?: Uint8Array } = {},
): ClassHistogram[] {
  const groups = classGroups(values, anomalous);
  const edges = histogramEdges(scores, threshold ?? quantileThreshold(scores));
  const [first, last] = [edges[0]!, edges.at(-1)!];
  const drawn = threshold !== undefined && threshold >= first && threshold <= last;
  return groups.map(({ name, ink, rows }, index) => {
    const own = Float64Array.from(rows, (row) => scores[row]!);
    const bars = histogramBars(edges, own, () => true, 1).map((bar) => ({
      ...bar,
      height: bar.height / own.length,
    }));
    const above = own.filter((score) => threshold !== undefined && score > threshold).length;
    const isLast = index === groups.length - 1;
    const layers: Layer[] = [
      { kind: 'bars', bars, ink },
      { kind: 'horizontal', y: 0, ink: 'muted' },
    ];
    if (drawn) {
      layers.push({
        kind: 'vertical',
        x: threshold,
        ink: 'ink',
        label: index === 0 ? `threshold ${formatScore(threshold)}` : '',
        anchor: 'start',
      });
    }
    const flagged =
      threshold === undefined ? '' : `, ${formatShare(above / own.length)} above the threshold`;
    return {
      title: `${name}: ${formatItems(own.length, words)}${flagged}`,
      chart: {
        width,
        height: (isLast ? 114 : 96) + (drawn ? 18 : 0),
        x: { label: isLast ? axis : null, domain: [first, last] as const },
        y: { label: null, ticks: 2, format: formatShare, room: 52 },
        layers,
      },
    };
  });
}

/** Where there is no threshold the axis ends behind the bulk of the values. */
function quantileThreshold(scores: Float64Array): number {
  const sorted = scores.filter(Number.isFinite).sort();
  return sorted[Math.floor(0.9 * sorted.length)] ?? 0;
}
