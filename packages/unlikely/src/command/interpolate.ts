import type { PathKind } from '@unlikely/detect';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImages } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { openModel } from './open-model.ts';
import { twoRows } from './row-numbers.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, rowColumns, valuesByName, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface InterpolateOptions extends RowOutputOptions, InputOptions {
  readonly input: string;
  readonly rows: readonly string[];
  readonly steps: number;
  readonly path: PathKind;
}

/** `unlikely interpolate`: rows on the way from one row to another, or images. */
export async function interpolate(options: InterpolateOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/interpolate-images.ts')).interpolateImages(options, terminal);
  }
  return interpolateTable(options, terminal);
}

async function interpolateTable(options: InterpolateOptions, terminal: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  const ends = twoRows(options.rows);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  const { steps, path } = options;
  async function* batches() {
    const batch = await detector.latent.interpolate(table, ends, { steps, path });
    yield {
      rows: steps,
      columns: {
        step: Float64Array.from({ length: steps }, (_, step) => step),
        ...valuesByName(detector.columnsOf(batch)),
      },
    };
  }
  return await writeRows(
    options,
    {
      columns: [{ name: 'step', type: 'integer' }, ...rowColumns(detector)],
      batches: batches(),
      doing: 'decoding',
      done: `from row ${ends[0]} to row ${ends[1]}, ${path}`,
    },
    terminal,
  );
}
