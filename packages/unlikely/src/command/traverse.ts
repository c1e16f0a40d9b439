import { defined } from './defined.ts';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImageModel, isAboutImages } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { openModel } from './open-model.ts';
import { rowNumbers } from './row-numbers.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, rowColumns, valuesByName, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface TraverseOptions extends RowOutputOptions, InputOptions {
  readonly input?: string;
  readonly row: number;
  readonly units?: readonly string[];
  readonly range: number;
  readonly steps: number;
}

/** `unlikely traverse`: what each latent unit does to a row or an image. */
export async function traverse(options: TraverseOptions, terminal: Run): Promise<ExitCode> {
  const { model, input } = options;
  if (await (input === undefined ? isAboutImageModel(model) : isAboutImages(model, input))) {
    return (await import('./image/traverse-images.ts')).traverseImages(options, terminal);
  }
  return traverseTable(options, terminal);
}

async function traverseTable(options: TraverseOptions, terminal: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  const units = options.units && rowNumbers(options.units);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table =
    options.input === undefined ? undefined : await openInput(options.input, terminal, options);
  const from = table && { table, row: options.row };
  async function* batches() {
    const { range, steps } = options;
    const batch = await detector.latent.traverse({ range, steps, ...defined({ units, from }) });
    const columns = {
      unit: Float64Array.from(batch.unit),
      value: batch.value,
      ...valuesByName(detector.columnsOf(batch)),
    };
    yield { rows: batch.rows, columns };
  }
  return await writeRows(
    options,
    {
      columns: [
        { name: 'unit', type: 'integer' },
        { name: 'value', type: 'double' },
        ...rowColumns(detector),
      ],
      batches: batches(),
      doing: 'decoding',
      done: from === undefined ? 'from the middle of the prior' : `from row ${options.row}`,
    },
    terminal,
  );
}
