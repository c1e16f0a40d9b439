import type { ExitCode } from './run/exit-code.ts';
import { isAboutImageModel } from './image/image-input.ts';
import { madeRows } from './made-rows.ts';
import type { MadeRowsOptions } from './made-rows.ts';
import type { Run } from './run/run.ts';

export interface DecodeOptions extends Omit<MadeRowsOptions, 'input'> {
  readonly codes: string;
}

/** `unlikely decode`: the row or image that the decoder expects for each code of a table. */
export async function decode(options: DecodeOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImageModel(options.model)) {
    return (await import('./image/decode-images.ts')).decodeImages(options, terminal);
  }
  const text = { doing: 'decoding', done: 'decoded' };
  return madeRows(
    { ...options, input: options.codes, header: true },
    text,
    (detector, table, signal) => detector.latent.decodeTable(table, { signal }),
    terminal,
  );
}
