import type { Table } from '@unlikely/data';
import type { Detector, ScoredBatch } from '@unlikely/detect';
import { UnlikelyError } from '@unlikely/graph';
import { classHistograms } from '../report/class-histogram.ts';
import { classMap } from '../report/class-map.ts';
import { formatCount, formatRows, formatScore, formatShare } from '../report/format.ts';
import { latentFigure } from '../report/latent-map.ts';
import { pathFigures } from '../report/path-figures.ts';
import type { Picture } from '../report/picture.ts';
import { trainingFigures, unitFigure } from '../report/training-figures.ts';
import type { CommandErrorCode } from './error-code.ts';
import { falsePositiveRate } from './flag-rule.ts';
import { mainPlane } from './main-plane.ts';
import type { PlotOptions } from './plot.ts';
import type { PlotKind, PlotLayout } from './plot-kinds.ts';
import { twoRows } from './row-numbers.ts';

export interface PictureSource {
  readonly detector: Detector;
  /** The table; throws where none was given. */
  readonly table: () => Table;
  readonly options: PlotOptions;
  readonly signal: AbortSignal;
}

/** Points of a map: more make it slow and no richer; UMAP takes its time for each. */
const mapPoints: Readonly<Record<PlotLayout, number>> = { pca: 3000, umap: 1500 };
const layoutWords: Readonly<Record<PlotLayout, string>> = {
  pca: 'The plane shows the two directions in which the codes differ most (PCA); far points are drawn at the frame.',
  umap: 'Neighbours stay neighbours (UMAP); distances between groups mean little.',
};

/** The closed table of pictures. */
export const pictures: { readonly [K in PlotKind]: (source: PictureSource) => Promise<Picture> } = {
  async loss({ detector }) {
    const { history } = detector.manifest;
    const units = unitFigure(history);
    const figures = [...trainingFigures(history), ...(units === null ? [] : [units])];
    return {
      title: 'How the training went',
      caption: figures.map(({ description }) => description).join(' '),
      figures: figures.map((figure) => ({
        ...figure,
        chart: { ...figure.chart, width: 400, height: 280 },
      })),
      columns: 3,
    };
  },

  async latent({ detector, table, options, signal }) {
    const { layout, label, seed } = options;
    const rows = table();
    const total = await rows.rowCount();
    const stride = Math.max(1, Math.ceil(total / mapPoints[layout]));
    const { latentSize } = detector.manifest.configuration;
    const [codes, scores, labels]: [Float32Array[], number[], (string | null)[]] = [[], [], []];
    for await (const batch of scored(detector, rows, label, signal)) {
      for (let index = 0; index < batch.rows; index++) {
        if ((batch.firstRow + index) % stride !== 0) continue;
        codes.push(batch.details!.code.slice(index * latentSize, (index + 1) * latentSize));
        scores.push(batch.score[index]!);
        labels.push(batch.labels?.[index] ?? null);
      }
    }
    const plane =
      layout === 'pca'
        ? mainPlane(codes)
        : (await import('./umap-plane.ts')).umapPlane(codes, seed);
    const title = 'Map of the codes';
    if (label !== undefined) {
      const { caption, ...figure } = classMap(plane, labels, label);
      return { title, caption: `${caption} ${layoutWords[layout]}`, figures: [figure] };
    }
    const threshold = thresholdOf(detector) ?? Infinity;
    const points = plane.map(([x, y], index) => ({ x, y, score: scores[index]! }));
    const figure = latentFigure(points, threshold);
    return {
      title,
      caption: `${figure.description} Darker is less likely. ${layoutWords[layout]}`,
      figures: [{ ...figure, title: '', chart: { ...figure.chart, width: 720, height: 480 } }],
    };
  },

  async histogram({ detector, table, options, signal }) {
    const { label, error = false } = options;
    const rows = table();
    const scores = new Float64Array(await rows.rowCount());
    const labels: (string | null)[] = [];
    for await (const batch of scored(detector, rows, label, signal)) {
      scores.set(error ? squaredErrors(detector, batch) : batch.score, batch.firstRow);
      labels.push(...(batch.labels ?? Array.from({ length: batch.rows }, () => 'all rows')));
    }
    const threshold = error ? undefined : thresholdOf(detector);
    const what = error ? 'Squared error of the reconstruction' : 'Scores';
    const axis = error ? 'mean squared error of a row, in standard deviations' : 'score (nats)';
    const flagged = scores.filter((score) => threshold !== undefined && score > threshold).length;
    const promise =
      threshold === undefined
        ? ''
        : ` ${formatCount(flagged)} score above the threshold ${formatScore(threshold)}, as of normal rows at most ${formatShare(falsePositiveRate(detector)!)} do.`;
    return {
      title: label === undefined ? what : `${what} by ${label}`,
      caption: `${formatRows(scores.length)}; each histogram shows shares of its own rows, and its last bar all that lie beyond.${promise}`,
      figures: classHistograms(scores, labels, axis, threshold),
    };
  },

  async interpolation({ detector, table, options }) {
    if (options.rows === undefined) {
      throw new UnlikelyError<CommandErrorCode>(
        'usage/missing',
        'expected the two rows of the interpolation, got none',
        { help: 'Rows are counted from 0: --rows 0,17' },
      );
    }
    const ends = twoRows(options.rows);
    const { steps, path } = options;
    const rows = table();
    const batch = await detector.interpolate(rows, ends, { steps, path });
    const records = detector.recordsOf(batch);
    const originals = await rows.records(ends);
    const { fields } = detector.manifest.schema;
    const columns = detector.columnsOf(batch).map(({ name }) => {
      const values = records.map((record) => record[name] as number | string | boolean | null);
      const field = fields.find(({ column }) => column === name)!;
      const numbers = values.filter((value) => typeof value === 'number');
      const change =
        'deviation' in field
          ? (Math.max(...numbers) - Math.min(...numbers)) / (field.deviation || 1)
          : values.filter((value, step) => step > 0 && value !== values[step - 1]).length;
      return { name, values, ends: [originals[0]![name], originals[1]![name]] as const, change };
    });
    const still = columns.filter(({ change }) => !(change > 0)).length;
    return {
      title: `From row ${ends[0]} to row ${ends[1]}`,
      caption: `What the decoder makes of ${steps} codes on the ${path === 'linear' ? 'straight line' : 'great circle'} between those of the two rows, over the share of the way. Circles: the rows themselves. The columns that change most; ${formatCount(still)} of ${formatCount(columns.length)} do not change.`,
      figures: pathFigures(columns),
      columns: 3,
    };
  },
};

function scored(
  detector: Detector,
  table: Table,
  label: string | undefined,
  signal: AbortSignal,
): AsyncIterable<ScoredBatch> {
  return detector.score(table, {
    details: true,
    signal,
    ...(label === undefined ? {} : { labels: label }),
  });
}

function thresholdOf(detector: Detector): number | undefined {
  const rate = falsePositiveRate(detector);
  return rate === undefined ? undefined : detector.threshold(rate);
}

/** Of each row, over its present numbers: ((value − expected) / deviation)²; a category counts 0 or 1. */
function squaredErrors(detector: Detector, { rows, details }: ScoredBatch): Float64Array {
  const { fields } = detector.manifest.schema;
  const { encoded, expected } = details!;
  return Float64Array.from({ length: rows }, (_, row) => {
    let [sum, count] = [0, 0];
    fields.forEach((field, index) => {
      const at = row * fields.length + index;
      if (Number.isNaN(encoded[at]!)) return;
      const difference = encoded[at]! - expected[at]!;
      sum +=
        'deviation' in field
          ? (difference / (field.deviation || 1)) ** 2
          : Number(difference !== 0);
      count++;
    });
    return count === 0 ? 0 : sum / count;
  });
}
