import type { Table } from '@unlikely/data';
import { tableWords } from '@unlikely/detect';
import type { Detector, ScoredBatch } from '@unlikely/detect';
import { pathFigures } from '@unlikely/report';
import type { Picture } from '@unlikely/report';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../command-error.ts';
import { defined } from './defined.ts';
import { histogramPicture, lossPicture, mapPicture, mapPoints } from './draw-pictures.ts';
import { falsePositiveRate } from './flag-rule.ts';
import type { PlotOptions } from './plot.ts';
import type { PlotKind } from './run/plot-kinds.ts';
import { twoRows } from './row-numbers.ts';

export interface PictureSource {
  readonly detector: Detector;
  /** The table; throws where none was given. */
  readonly table: () => Table;
  readonly options: PlotOptions;
  readonly signal: AbortSignal;
}

/** The closed table of pictures. */
export const pictures: { readonly [K in PlotKind]: (source: PictureSource) => Promise<Picture> } = {
  loss: ({ detector }) => Promise.resolve(lossPicture(detector.manifest.history, tableWords)),

  async latent({ detector, table, options, signal }) {
    const { layout, seed } = options;
    const label = labelOf(options);
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
    return mapPicture({
      codes,
      scores,
      labels,
      ...defined({ label }),
      layout,
      seed,
      threshold: thresholdOf(detector),
      words: tableWords,
    });
  },

  async histogram({ detector, table, options, signal }) {
    const { error = false } = options;
    const label = labelOf(options);
    const rows = table();
    const scores = new Float64Array(await rows.rowCount());
    const labels: (string | null)[] = [];
    for await (const batch of scored(detector, rows, label, signal)) {
      scores.set(error ? squaredErrors(detector, batch) : batch.score, batch.firstRow);
      labels.push(...(batch.labels ?? Array.from({ length: batch.rows }, () => 'all rows')));
    }
    const threshold = error ? undefined : thresholdOf(detector);
    return histogramPicture({
      scores,
      labels,
      ...defined({ label }),
      what: error ? 'Squared error of the reconstruction' : 'Scores',
      axis: error ? 'mean squared error of a row, in standard deviations' : 'score (nats)',
      threshold,
      rate: falsePositiveRate(detector),
      words: tableWords,
    });
  },

  async interpolation({ detector, table, options }) {
    if (options.rows === undefined) {
      throw commandError('usage/missing', 'expected the two rows of the interpolation, got none', {
        help: 'Rows are counted from 0: --rows 0,17',
      });
    }
    const ends = twoRows(options.rows);
    const { steps, path } = options;
    const rows = table();
    const batch = await detector.latent.interpolate(rows, ends, { steps, path });
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

/** A table has no label that nobody names. */
function labelOf({ label }: PlotOptions): string | undefined {
  return label === false ? undefined : label;
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
