import type { ScoredBatch, Table } from '@unlikely/data';
import { tableWords } from '@unlikely/detect';
import type { RowBatch } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { defined } from '../../command/defined.ts';
import { rowNumbers, twoRows } from '../../command/row-numbers.ts';
import { labelled } from '../../command/tell/labelled.ts';
import { writeRows } from '../../command/write-rows.ts';
import type { Made, MadeRows, Making } from '../face.ts';
import type { TableSession } from './session.ts';
import { reconstructedColumns } from './reconstructed-columns.ts';
import { replacedCells } from './replaced-cells.ts';
import { rowColumns, valuesByName } from './row-columns.ts';

/** The commands that make rows, each of which writes them as a table. */
export function makingRows({ detector, run, input }: TableSession): Making {
  const { latent } = detector;
  const { signal } = run;
  const write = (output: string, made: MadeRows): Promise<Made> =>
    writeRows(output, made, tableWords, run);
  /** A row of each row that is read, in their order, beside what is kept of it. */
  const written = (
    { output, keep }: { readonly output: string; readonly keep?: readonly string[] },
    table: Table | undefined,
    made: AsyncIterable<RowBatch>,
    told: Pick<MadeRows, 'doing' | 'done' | 'more'>,
  ): Promise<Made> =>
    write(output, {
      columns: rowColumns(detector),
      ...(keep === undefined || table === undefined ? {} : { keep: { table, columns: keep } }),
      batches: batchesOf(made, (batch) => valuesByName(detector.columnsOf(batch))),
      ...told,
    });
  return {
    generate({ count, seed, codesFrom: from, mean = false, ...options }) {
      return written(options, undefined, latent.generate(count, { seed, from, mean, signal }), {
        doing: 'generating',
        done: `generated from the ${from}, seed ${seed}`,
        more: () => ({ from, seed }),
      });
    },

    async decode(options) {
      const table = await input(options.codes);
      return written(options, table, latent.decodeTable(table, { signal }), {
        doing: 'decoding',
        done: 'decoded',
      });
    },

    async transfer(options) {
      const { attribute, amount: amounts } = options;
      const table = await input(options.input, options);
      const amount = amounts[0]!;
      return written(options, table, latent.transfer(table, attribute, { amount, signal }), {
        doing: 'moving',
        done: `decoded with ${amount} × ${attribute}`,
      });
    },

    async reconstruct(options) {
      const { keep } = options;
      const table = await input(options.input, options);
      const none = new Float64Array(0);
      const empty = { firstRow: 0, rows: 0, data: none, original: none, lower: none, upper: none };
      return write(options.output, {
        columns: reconstructedColumns(detector, empty, options).map(({ name, type }) => ({
          name,
          type,
        })),
        ...(keep === undefined ? {} : { keep: { table, columns: keep } }),
        batches: batchesOf(detector.reconstruct(table, { signal }), (batch) =>
          valuesByName(reconstructedColumns(detector, batch, options)),
        ),
        doing: 'expecting',
        done: 'reconstructed',
      });
    },

    async denoise(options) {
      const { above, share } = options;
      const table = await input(options.input, options);
      const counts = { missing: 0, implausible: 0 };
      const limits = { ...defined({ above, share }), signal };
      const made = await write(options.output, {
        columns: [
          ...rowColumns(detector).map((column) => ({ ...column, over: true })),
          { name: replacedColumn, type: 'text' },
        ],
        keep: {
          table,
          columns: table.columns.map(({ name }) => name),
          before: replacedColumn,
        },
        batches: batchesOf(detector.denoise(table, limits), (batch) => {
          counts.missing += batch.missing;
          counts.implausible += batch.implausible;
          return replacedCells(detector, batch);
        }),
        doing: 'denoising',
        done: 'read',
        more: () => counts,
      });
      const words = `${formatCount(counts.missing)} missing and ${formatCount(counts.implausible)} implausible cells`;
      return { ...made, lines: [...made.lines, labelled(run, 'replaced', words)] };
    },

    async interpolate(options) {
      const { points: steps, path } = options;
      const ends = twoRows(options.between);
      const table = await input(options.input, options);
      const batch = await latent.interpolate(table, ends, { steps, path });
      const step = Float64Array.from({ length: steps }, (_, index) => index);
      return write(options.output, {
        columns: [{ name: 'step', type: 'integer' }, ...rowColumns(detector)],
        batches: oneBatch(steps, { step, ...valuesByName(detector.columnsOf(batch)) }),
        doing: 'decoding',
        done: `from row ${ends[0]} to row ${ends[1]}, ${path}`,
      });
    },

    async traverse(options) {
      const { range, points: steps, row = 0 } = options;
      const units = options.units && rowNumbers(options.units);
      const table = options.input === undefined ? undefined : await input(options.input, options);
      const from = table && { table, row };
      const batch = await latent.traverse({ range, steps, ...defined({ units, from }) });
      return write(options.output, {
        columns: [
          { name: 'unit', type: 'integer' },
          { name: 'value', type: 'double' },
          ...rowColumns(detector),
        ],
        batches: oneBatch(batch.rows, {
          unit: Float64Array.from(batch.unit),
          value: batch.value,
          ...valuesByName(detector.columnsOf(batch)),
        }),
        doing: 'decoding',
        done: from === undefined ? 'from the middle of the prior' : `from row ${row}`,
      });
    },
  };
}

/** The column that names what was replaced in a row. */
const replacedColumn = 'replaced';

async function* batchesOf<Batch extends { readonly rows: number }>(
  made: AsyncIterable<Batch>,
  columnsOf: (batch: Batch) => ScoredBatch['columns'],
): AsyncGenerator<ScoredBatch> {
  for await (const batch of made) yield { rows: batch.rows, columns: columnsOf(batch) };
}

async function* oneBatch(
  rows: number,
  columns: ScoredBatch['columns'],
): AsyncGenerator<ScoredBatch> {
  yield { rows, columns };
}

/** Throws `usage/invalid` for several amounts. */
export function requireOneAmount({ amount }: { readonly amount: readonly number[] }): void {
  if (amount.length === 1) return;
  throw commandError(
    'usage/invalid',
    `expected one amount for the rows of a table, got ${amount.length}`,
    { help: 'Several amounts are for images.' },
  );
}
