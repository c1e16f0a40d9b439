import type { ImageSettings } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import { formatItems, formatRows } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { exitCodes } from '../run/exit-code.ts';
import type { ExitCode } from '../run/exit-code.ts';
import { labelled } from '../labelled.ts';
import { progressOf } from '../run/progress.ts';
import type { Run } from '../run/run.ts';
import { formatBytes } from '../units.ts';
import { openPictures } from './picture-output.ts';
import type { PictureEntry, PicturePlan } from './picture-output.ts';

export interface PicturesToWrite extends PicturePlan {
  readonly made: AsyncIterable<PictureEntry>;
  /** The command in a word, beside the progress: `generating`. */
  readonly doing: string;
  /** Behind the count of images at the end: `generated`. */
  readonly done: string;
  /** More for `--json`. */
  readonly more?: object;
}

/** Writes images as they come, into a grid or a folder, and says how many they were. */
export async function writePictures(
  { output, json }: { readonly output: string; readonly json?: boolean },
  settings: ImageSettings,
  { made, doing, done, more, ...plan }: PicturesToWrite,
  terminal: Run,
): Promise<ExitCode> {
  if (json === true && output === '-') {
    throw commandError(
      'usage/invalid',
      'expected --output with --json, since both would go to standard output',
      { help: 'Name a file or a folder: --json -o grid.png' },
    );
  }
  const sink = await openPictures(output, settings, plan, terminal);
  const show = progressOf(terminal, { doing, total: plan.entries, words: imageWords });
  let images = 0;
  for await (const entry of made) {
    terminal.signal.throwIfAborted();
    await sink.add(entry);
    show(++images);
  }
  const { files, bytes } = await sink.close();
  terminal.note(labelled(terminal, 'images', `${formatItems(images, imageWords)} ${done}`));
  if (output !== '-') {
    const size = bytes === undefined ? formatRows(files, 'PNG file') : formatBytes(bytes);
    terminal.note(labelled(terminal, 'output', `${output}, ${size}`));
  }
  if (json === true) {
    const result = { output, images, files, ...(bytes === undefined ? {} : { bytes }), ...more };
    await terminal.data(`${JSON.stringify(result)}\n`);
  }
  return exitCodes.done;
}
