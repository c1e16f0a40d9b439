import { codeColumns } from '@unlikely/detect';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImages } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { openModel } from './open-model.ts';
import type { Run } from './run/run.ts';
import { refuseTwoOutputs, writeRows } from './write-rows.ts';
import type { RowOutputOptions } from './write-rows.ts';

export interface EncodeOptions extends RowOutputOptions, InputOptions {
  readonly input: string;
  readonly keep?: readonly string[];
}

/** `unlikely encode`: the latent code of every row or image. */
export async function encode(options: EncodeOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/encode-images.ts')).encodeImages(options, terminal);
  }
  return encodeTable(options, terminal);
}

async function encodeTable(options: EncodeOptions, terminal: Run): Promise<ExitCode> {
  refuseTwoOutputs(options);
  terminal.promise('Stopping; nothing is written');
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  const names = codeColumns(detector.manifest.configuration.latentSize);
  async function* batches() {
    for await (const { rows, codes } of detector.latent.encode(table, {
      signal: terminal.signal,
    })) {
      const unit = (index: number): Float64Array =>
        Float64Array.from({ length: rows }, (_, row) => codes.data[row * names.length + index]!);
      yield { rows, columns: Object.fromEntries(names.map((name, index) => [name, unit(index)])) };
    }
  }
  return await writeRows(
    options,
    {
      columns: names.map((name) => ({ name, type: 'double' })),
      ...(options.keep === undefined ? {} : { keep: { table, columns: options.keep } }),
      batches: batches(),
      doing: 'encoding',
      done: `encoded as ${names.length} numbers each`,
    },
    terminal,
  );
}
