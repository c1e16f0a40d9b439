import type { ScoredBatch, WriterColumn } from '@unlikely/data';
import type { DenoisedBatch, Detector, ValueColumn } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { defined } from './defined.ts';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImages, refuseImageOptions } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { labelled } from './labelled.ts';
import { openModel } from './open-model.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, rowColumns, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface DenoiseOptions extends RowOutputOptions, InputOptions {
  readonly input: string;
  readonly above?: number;
  readonly share?: number;
  /** Images alone: which of them. */
  readonly rows?: readonly string[];
}

/** The column that names what was replaced in a row. */
const replacedColumn: WriterColumn = { name: 'replaced', type: 'text' };

/** `unlikely denoise`: the table with missing and implausible cells, or the images, as the model expects them. */
export async function denoise(options: DenoiseOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/denoise-images.ts')).denoiseImages(options, terminal);
  }
  return denoiseTable(options, terminal);
}

async function denoiseTable(options: DenoiseOptions, terminal: Run): Promise<ExitCode> {
  refuseImageOptions(options, ['rows']);
  refuseTwoOutputs(options);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  const { above, share } = options;
  const counts = { missing: 0, implausible: 0 };
  async function* batches(): AsyncGenerator<ScoredBatch> {
    const limits = { ...defined({ above, share }), signal: terminal.signal };
    for await (const batch of detector.denoise(table, limits)) {
      counts.missing += batch.missing;
      counts.implausible += batch.implausible;
      yield { rows: batch.rows, columns: replacedCells(detector, batch) };
    }
  }
  const code = await writeRows(
    options,
    {
      columns: [
        ...rowColumns(detector).map((column) => ({ ...column, over: true })),
        replacedColumn,
      ],
      keep: {
        table,
        columns: table.columns.map(({ name }) => name),
        before: replacedColumn.name,
      },
      batches: batches(),
      doing: 'denoising',
      done: 'read',
      more: () => counts,
    },
    terminal,
  );
  const words = `${formatCount(counts.missing)} missing and ${formatCount(counts.implausible)} implausible cells`;
  terminal.note(labelled(terminal, 'replaced', words));
  return code;
}

/** The values that stand in the place of others, nothing elsewhere, and the names of their columns. */
function replacedCells(detector: Detector, batch: DenoisedBatch): ScoredBatch['columns'] {
  const { fields } = detector.manifest.schema;
  const columns = detector.columnsOf(batch);
  const isReplaced = (row: number, name: string): boolean =>
    fields.some(
      ({ column }, field) => column === name && batch.replaced[row * fields.length + field] === 1,
    );
  const replaced = Array.from({ length: batch.rows }, (_, row) =>
    columns.flatMap(({ name }) => (isReplaced(row, name) ? [name] : [])),
  );
  const only = ({ name, values }: ValueColumn): ScoredBatch['columns'][string] =>
    ArrayBuffer.isView(values)
      ? (values as Float64Array).map((value, row) => (replaced[row]!.includes(name) ? value : NaN))
      : (values as readonly (string | null)[]).map((value, row) =>
          replaced[row]!.includes(name) ? value : null,
        );
  return {
    ...Object.fromEntries(columns.map((column) => [column.name, only(column)])),
    replaced: replaced.map((names) => (names.length === 0 ? null : names.join('; '))),
  };
}
