import type { ExitCode } from './exit-code.ts';
import { madeRows } from './made-rows.ts';
import type { MadeRowsOptions } from './made-rows.ts';
import type { Terminal } from './terminal.ts';

export interface DecodeOptions extends Omit<MadeRowsOptions, 'input'> {
  readonly codes: string;
}

/** `unlikely decode`: the row that the decoder expects for each code of a table. */
export function decode(options: DecodeOptions, terminal: Terminal): Promise<ExitCode> {
  const text = { doing: 'decoding', done: 'decoded' };
  return madeRows(
    { ...options, input: options.codes, header: true },
    text,
    (detector, table, signal) => detector.decodeTable(table, { signal }),
    terminal,
  );
}
