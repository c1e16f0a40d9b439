import type { Table } from '@unlikely/data';
import type { Detector, ScoredBatch } from '@unlikely/detect';
import type { Picture } from '@unlikely/report';
import { pathFigures } from '@unlikely/report';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { twoRows } from '../../command/row-numbers.ts';
import type { View } from '../face.ts';
import type { CommandOptions } from '../kind-flags.ts';
import type { TableSession } from './session.ts';

/** A table as its model sees it. */
export async function tableView(
  { detector, run, input }: TableSession,
  options: CommandOptions<'plot'> & { readonly input: string },
): Promise<View> {
  const table = await input(options.input, options);
  const { label } = options;
  const { latentSize } = detector.manifest.configuration;
  return {
    count: await table.rowCount(),
    ...(label === undefined ? {} : { label }),
    axes: {
      error: 'mean squared error of a row, in standard deviations',
      score: 'score (nats)',
    },
    async *batches({ errors = false }, stride) {
      const labels = label === undefined ? {} : { labels: label };
      const batches = detector.score(table, { details: true, signal: run.signal, ...labels });
      for await (const batch of batches) {
        const chosen = Array.from(batch.score.keys()).filter(
          (index) => (batch.firstRow + index) % stride === 0,
        );
        const { code } = batch.details!;
        const codes = new Float32Array(chosen.length * latentSize);
        chosen.forEach((index, at) =>
          codes.set(code.subarray(index * latentSize, (index + 1) * latentSize), at * latentSize),
        );
        const own = errors ? squaredErrors(detector, batch) : undefined;
        yield {
          rows: chosen.length,
          codes: { data: codes, rows: chosen.length, columns: latentSize },
          scores: Float64Array.from(chosen, (index) => batch.score[index]!),
          ...(own && { errors: Float64Array.from(chosen, (index) => own[index]!) }),
          ...(batch.labels && { labels: chosen.map((index) => batch.labels![index]!) }),
        };
      }
    },
    interpolation: () => interpolation(detector, table, options),
  };
}

/** The columns that change most on the way from one row to another. */
async function interpolation(
  detector: Detector,
  table: Table,
  { between, points: steps = 25, path = 'linear' }: CommandOptions<'plot'>,
): Promise<Picture> {
  if (between === undefined) {
    throw commandError('usage/missing', 'expected the two rows of the interpolation, got none', {
      help: 'Rows are counted from 0: --between 0,17',
    });
  }
  const ends = twoRows(between);
  const batch = await detector.latent.interpolate(table, ends, { steps, path });
  const records = detector.recordsOf(batch);
  const originals = await table.records(ends);
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
