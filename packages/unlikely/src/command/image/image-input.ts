import { isImageInput, openImages } from '@unlikely/data';
import { nodeFiles } from '@unlikely/data/node-files';
import type { ImagePass, ImageSource } from '@unlikely/data';
import { modelKindOf } from '@unlikely/detect';
import { commandError } from '../../command-error.ts';
import { defined } from '../defined.ts';

/** What a command on images is asked to read. */
export interface ImageInputOptions {
  readonly input: string;
  /** A column of Parquet; of image files `label`, the folder. */
  readonly label?: string;
  readonly normal?: readonly string[];
}

/**
 * Opens images. Folders are labels; a column is one where `--label` names it, or where `--normal`
 * or the command (`wantsLabels`) asks for labels: else it is left alone, as in tables.
 */
export async function openImageInput(
  { input, label, normal }: ImageInputOptions,
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
  { input, keep }: { readonly input: string; readonly keep?: readonly string[] },
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
  const source = await openImageInput({ input, ...defined({ label }) }, false, onPass);
  if (label === undefined || source.labels !== undefined) return source;
  await source[Symbol.asyncDispose]();
  throw commandError('usage/invalid', 'expected images with labels, got none', {
    help: 'Labels are the folders of the images, or a column of Parquet.',
  });
}

/**
 * Whether a command with a model and an input is about images.
 *
 * @throws UnlikelyError `command/wrong-kind` where one of them is and the other is not.
 */
export async function isAboutImages(model: string, input: string): Promise<boolean> {
  const kind = await modelKindOf(model, nodeFiles);
  // A file that is no model is for the loader to explain, whatever the input is.
  if (kind === undefined) return false;
  const trained = kind === 'image';
  const given = await isImageInput(input);
  if (trained === given) return trained;
  const [wanted, came] = trained ? ['images', 'a table'] : ['a table', 'images'];
  throw commandError(
    'command/wrong-kind',
    `expected ${wanted}, which ${model} was trained on, but ${input} is ${came}`,
    { help: `Give ${wanted}, or a model that was trained on ${trained ? 'tables' : 'images'}.` },
  );
}

/** Throws `command/wrong-kind` where a further input of a command on images is none. */
export async function requireImages(input: string): Promise<void> {
  if (await isImageInput(input)) return;
  throw commandError(
    'command/wrong-kind',
    `expected images as the input is, but ${input} is a table`,
    { help: 'Give a folder of images, a glob, or Parquet with a column of image bytes.' },
  );
}

/** Whether a command with a model and no input of rows is about images. */
export async function isAboutImageModel(model: string): Promise<boolean> {
  return (await modelKindOf(model, nodeFiles)) === 'image';
}

/** How the text of a table is read. */
const readingOptions = ['delimiter', 'encoding', 'header'];

/** Throws `usage/invalid` for options that mean something for tables alone; `header` is one where it is false. */
export function refuseTableOptions(options: object, names: readonly string[] = []): void {
  refuse(options, [...names, ...readingOptions], 'images', 'tables');
}

/** Throws `usage/invalid` for options that mean something for images alone. */
export function refuseImageOptions(options: object, names: readonly string[]): void {
  refuse(options, names, 'tables', 'images');
}

function refuse(options: object, names: readonly string[], wanted: string, came: string): void {
  const given = names.find((name) => {
    const value = (options as Record<string, unknown>)[name];
    return value !== undefined && value !== (name === 'header');
  });
  if (given === undefined) return;
  const name = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const flag = given === 'header' ? '--no-header' : `--${name}`;
  throw commandError(
    'usage/invalid',
    `expected options for ${wanted}, but ${flag} is for ${came}`,
    { help: `Leave out ${flag}.` },
  );
}
