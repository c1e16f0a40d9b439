import type { CodeSource } from '@unlikely/detect';
import type { ExitCode } from './exit-code.ts';
import { isAboutImageModel } from './image/image-input.ts';
import { listenForInterrupt } from './interrupt.ts';
import { openModel } from './open-model.ts';
import type { Terminal } from './terminal.ts';
import { refuseTwoOutputs, rowColumns, valuesByName, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface GenerateCommandOptions extends RowOutputOptions {
  readonly count: number;
  readonly seed: number;
  readonly from: CodeSource;
  readonly mean?: boolean;
}

/** `unlikely generate`: new rows or images as the model holds them for likely. */
export async function generate(
  options: GenerateCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (await isAboutImageModel(options.model)) {
    return (await import('./image/generate-images.ts')).generateImages(options, terminal);
  }
  return generateRows(options, terminal);
}

async function generateRows(
  options: GenerateCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  refuseTwoOutputs(options);
  using interrupt = listenForInterrupt('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  const { count, seed, from, mean = false } = options;
  const made = detector.generate(count, { seed, from, mean, signal: interrupt.signal });
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
    interrupt,
  );
}
