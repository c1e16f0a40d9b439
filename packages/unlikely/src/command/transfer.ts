import type { ExitCode } from './exit-code.ts';
import { madeRows } from './made-rows.ts';
import type { MadeRowsOptions } from './made-rows.ts';
import type { Terminal } from './terminal.ts';

export interface TransferOptions extends MadeRowsOptions {
  readonly attribute: string;
  readonly amount: number;
}

/** `unlikely transfer`: rows with an attribute vector added to their codes. */
export function transfer(options: TransferOptions, terminal: Terminal): Promise<ExitCode> {
  const { attribute, amount } = options;
  const text = { doing: 'moving', done: `decoded with ${amount} × ${attribute}` };
  return madeRows(
    options,
    text,
    (detector, table, signal) => detector.transfer(table, attribute, { amount, signal }),
    terminal,
  );
}
