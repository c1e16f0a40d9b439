import type { CodeSource } from '@unlikely/detect';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImageModel } from './image/image-input.ts';
import { openModel } from './open-model.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, rowColumns, valuesByName, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface GenerateCommandOptions extends RowOutputOptions {
  readonly count: number;
  readonly seed: number;
  readonly from: CodeSource;
  readonly mean?: boolean;
}

/** `unlikely generate`: new rows or images as the model holds them for likely. */
export async function generate(options: GenerateCommandOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImageModel(options.model)) {
    return (await import('./image/generate-images.ts')).generateImages(options, terminal);
  }
  return generateRows(options, terminal);
}

async function generateRows(options: GenerateCommandOptions, terminal: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  const { count, seed, from, mean = false } = options;
  const made = detector.latent.generate(count, { seed, from, mean, signal: terminal.signal });
  async function* batches() {
    for await (const batch of made) {
      yield { rows: batch.rows, columns: valuesByName(detector.columnsOf(batch)) };
    }
  }
  return await writeRows(
    options,
    {
      columns: rowColumns(detector),
      batches: batches(),
      doing: 'generating',
      done: `generated from the ${from}, seed ${seed}`,
      more: () => ({ from, seed }),
    },
    terminal,
  );
}
