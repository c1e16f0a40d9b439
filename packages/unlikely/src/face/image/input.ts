import { openImages } from '@unlikely/data';
import type { ImagePass, ImageSource } from '@unlikely/data';
import { commandError } from '../../command-error.ts';
import { defined } from '../../command/defined.ts';

/** What a command on images is asked to read. */
export interface ImageInputOptions {
  /** A column of Parquet; of image files `label`, the folder. */
  readonly label?: string;
  readonly normal?: readonly string[];
}

/**
 * Opens images. Folders are labels; a column is one where `--label` names it, or where `--normal`
 * or the command (`wantsLabels`) asks for labels: else it is left alone, as in tables.
 */
export async function openImageInput(
  input: string,
  { label, normal }: ImageInputOptions,
  wantsLabels: boolean,
  onPass?: (summary: ImagePass) => void,
): Promise<ImageSource> {
  const usual = wantsLabels || normal !== undefined ? undefined : false;
  return openImages(input, defined({ labelColumn: label ?? usual, onPass }));
}

/**
 * Opens images with the label that `--keep` names, which is all that images have to keep.
 *
 * @throws UnlikelyError `usage/invalid` for several, or where the images have no labels.
 */
export async function openKeptLabel(
  input: string,
  keep: readonly string[] | undefined,
  onPass?: (summary: ImagePass) => void,
): Promise<ImageSource> {
  const label = keep?.[0];
  if (keep !== undefined && keep.length > 1) {
    throw commandError(
      'usage/invalid',
      `expected --keep with the label alone, but got ${keep.join(', ')}`,
      { help: 'Of images, the label is kept: --keep label. Names are always written.' },
    );
  }
  const source = await openImageInput(input, defined({ label }), false, onPass);
  if (label === undefined || source.labels !== undefined) return source;
  await source[Symbol.asyncDispose]();
  throw commandError('usage/invalid', 'expected images with labels, got none', {
    help: 'Labels are the folders of the images, or a column of Parquet.',
  });
}
