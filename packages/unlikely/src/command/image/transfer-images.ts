import type { ExitCode } from '../run/exit-code.ts';
import type { Run } from '../run/run.ts';
import type { TransferOptions } from '../transfer.ts';
import { refuseTableOptions } from './image-input.ts';
import { madeImages } from './made-images.ts';

/** `unlikely transfer` on images: each with an attribute vector added to its code, once for each amount. */
export function transferImages(options: TransferOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, ['keep']);
  const { attribute, amount: amounts } = options;
  return madeImages(
    options,
    {
      doing: 'moving',
      done: `decoded with ${amounts.join(', ')} × ${attribute}`,
      more: { attribute, amounts },
    },
    // Several amounts are read from left to right.
    { panels: amounts.length, ...(amounts.length > 1 ? { columns: 1 } : {}) },
    (detector, batch, signal) =>
      Promise.all(
        amounts.map((amount) => detector.latent.transfer(batch, attribute, { amount, signal })),
      ),
    terminal,
  );
}
