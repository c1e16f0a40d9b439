import { commandError } from '../command-error.ts';
import type { ExitCode } from './run/exit-code.ts';
import { isAboutImages, refuseImageOptions } from './image/image-input.ts';
import { madeRows } from './made-rows.ts';
import type { MadeRowsOptions } from './made-rows.ts';
import type { Run } from './run/run.ts';

export interface TransferOptions extends MadeRowsOptions {
  readonly attribute: string;
  /** One; of images several. */
  readonly amount: readonly number[];
  /** Images alone: which of them. */
  readonly rows?: readonly string[];
}

/** `unlikely transfer`: rows or images with an attribute vector added to their codes. */
export async function transfer(options: TransferOptions, terminal: Run): Promise<ExitCode> {
  if (await isAboutImages(options.model, options.input)) {
    return (await import('./image/transfer-images.ts')).transferImages(options, terminal);
  }
  refuseImageOptions(options, ['rows']);
  const { attribute, amount: amounts } = options;
  const [amount, ...more] = amounts;
  if (amount === undefined || more.length > 0) {
    throw commandError(
      'usage/invalid',
      `expected one amount for the rows of a table, got ${amounts.length}`,
      { help: 'Several amounts are for images.' },
    );
  }
  const text = { doing: 'moving', done: `decoded with ${amount} × ${attribute}` };
  return madeRows(
    options,
    text,
    (detector, table, signal) => detector.latent.transfer(table, attribute, { amount, signal }),
    terminal,
  );
}
