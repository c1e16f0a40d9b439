import type { DenoiseOptions } from '../denoise.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { refuseTableOptions } from './image-input.ts';
import { madeImages } from './made-images.ts';

/** `unlikely denoise` on images: what the model expects in the place of each, without the image itself. */
export function denoiseImages(options: DenoiseOptions, terminal: Terminal): Promise<ExitCode> {
  refuseTableOptions(options, ['above', 'share']);
  return madeImages(
    options,
    { doing: 'denoising', done: 'as the model expects them' },
    { panels: 1 },
    async (detector, batch, signal) => [await detector.reconstruct(batch, { signal })],
    terminal,
  );
}
