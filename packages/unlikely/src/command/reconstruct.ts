import type { ScoredBatch, WriterColumn } from '@unlikely/data';
import type { Detector, ReconstructedBatch, ValueColumn } from '@unlikely/detect';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImages, refuseImageOptions } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { MadeRowsOptions } from './made-rows.ts';
import { openModel } from './open-model.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, writeRows } from './write-rows.ts';

export interface ReconstructOptions extends MadeRowsOptions {
  readonly interval?: boolean;
  readonly difference?: boolean;
  /** Images alone: which of them. */
  readonly rows?: readonly string[];
}

/** `unlikely reconstruct`: what the model expects in the place of each row or image. */
export async function reconstruct(options: ReconstructOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/reconstruct-images.ts')).reconstructImages(options, terminal);
  }
  return reconstructTable(options, terminal);
}

async function reconstructTable(options: ReconstructOptions, terminal: Run): Promise<ExitCode> {
  refuseImageOptions(options, ['rows']);
  refuseTwoOutputs(options);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  async function* batches(): AsyncGenerator<ScoredBatch> {
    for await (const batch of detector.reconstruct(table, { signal: terminal.signal })) {
      const columns = reconstructedColumns(detector, batch, options);
      yield {
        rows: batch.rows,
        columns: Object.fromEntries(columns.map(({ name, values }) => [name, values])),
      };
    }
  }
  const none = new Float64Array(0);
  const empty = { firstRow: 0, rows: 0, data: none, original: none, lower: none, upper: none };
  return await writeRows(
    options,
    {
      columns: reconstructedColumns(detector, empty, options).map(
        ({ name, type }): WriterColumn => ({ name, type }),
      ),
      ...(options.keep === undefined ? {} : { keep: { table, columns: options.keep } }),
      batches: batches(),
      doing: 'expecting',
      done: 'reconstructed',
    },
    terminal,
  );
}

/**
 * Each column as expected, then the ends of its 90 % interval where it is a number, then how far the
 * row is from it: for a number the value less the expected one, else whether they differ.
 */
function reconstructedColumns(
  detector: Detector,
  batch: ReconstructedBatch,
  { interval, difference }: Pick<ReconstructOptions, 'interval' | 'difference'>,
): ValueColumn[] {
  const { fields } = detector.manifest.schema;
  const { rows, original, data } = batch;
  const expected = detector.columnsOf(batch);
  const lower = detector.columnsOf({ data: batch.lower, rows });
  const upper = detector.columnsOf({ data: batch.upper, rows });
  const cell = (cells: Float64Array, row: number, field: number): number =>
    cells[row * fields.length + field]!;
  return expected.flatMap((column, position): ValueColumn[] => {
    const { name } = column;
    const owned = fields.flatMap((field, index) => (field.column === name ? [index] : []));
    const isNumber = 'minimum' in fields[owned[0]!]!;
    const columns = [column];
    if (interval === true && isNumber) {
      columns.push({ ...lower[position]!, name: `${name}_lower` });
      columns.push({ ...upper[position]!, name: `${name}_upper` });
    }
    if (difference !== true) return columns;
    const values = Float64Array.from({ length: rows }, (_, row) => {
      if (isNumber) {
        const value = cell(original, row, owned[0]!) - (column.values[row] as number);
        // 0.3 − 0.1 is 0.19999999999999998.
        return Number(value.toPrecision(12));
      }
      if (owned.some((field) => Number.isNaN(cell(original, row, field)))) return NaN;
      return Number(owned.some((field) => cell(original, row, field) !== cell(data, row, field)));
    });
    const type = isNumber ? (column.type as 'double' | 'integer') : 'boolean';
    return [...columns, { name: `${name}_difference`, type, values }];
  });
}
