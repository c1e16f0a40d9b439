import type { ImageSettings } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import { formatItems, formatRows } from '@unlikely/report/words';
import { labelled } from '../../command/tell/labelled.ts';
import { progressOf } from '../../command/tell/progress.ts';
import type { Run } from '../../command/run/run.ts';
import { formatBytes } from '../../command/tell/units.ts';
import type { Made } from '../face.ts';
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
  output: string,
  settings: ImageSettings,
  { made, doing, done, more, ...plan }: PicturesToWrite,
  run: Run,
): Promise<Made> {
  const sink = await openPictures(output, settings, plan, run);
  const show = progressOf(run, { doing, total: plan.entries, words: imageWords });
  let images = 0;
  for await (const entry of made) {
    run.signal.throwIfAborted();
    await sink.add(entry);
    show(++images);
  }
  const { files, bytes } = await sink.close();
  const size = bytes === undefined ? formatRows(files, 'PNG file') : formatBytes(bytes);
  return {
    lines: [
      labelled(run, 'images', `${formatItems(images, imageWords)} ${done}`),
      ...(output === '-' ? [] : [labelled(run, 'output', `${output}, ${size}`)]),
    ],
    facts: { output, images, files, ...(bytes === undefined ? {} : { bytes }), ...more },
  };
}
