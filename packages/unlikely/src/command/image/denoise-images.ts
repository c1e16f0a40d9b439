import type { DenoiseOptions } from '../denoise.ts';
import type { ExitCode } from '../run/exit-code.ts';
import type { Run } from '../run/run.ts';
import { refuseTableOptions } from './image-input.ts';
import { madeImages } from './made-images.ts';

/** `unlikely denoise` on images: each with what does not fit replaced by what the model expects there. */
export function denoiseImages(options: DenoiseOptions, terminal: Run): Promise<ExitCode> {
  refuseTableOptions(options, ['above', 'share']);
  return madeImages(
    options,
    { doing: 'denoising', done: 'denoised' },
    { panels: 1 },
    async (detector, batch, signal) => [await detector.denoise(batch, { signal })],
    terminal,
  );
}
