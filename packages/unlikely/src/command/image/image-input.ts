import { readFile, stat } from 'node:fs/promises';
import { isImageInput, openImages } from '@unlikely/data';
import type { ImagePass, ImageSource } from '@unlikely/data';
import { isImageModel } from '@unlikely/detect';
import { UnlikelyError } from '@unlikely/graph';
import { defined } from '../defined.ts';
import type { CommandErrorCode } from '../error-code.ts';

/** What a command on images is asked to read. */
export interface ImageInputOptions {
  readonly input: string;
  /** A column of Parquet. */
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
  const folder = (await stat(input).catch(() => undefined))?.isDirectory() === true;
  const usual = wantsLabels || normal !== undefined ? undefined : false;
  const labelColumn = folder ? undefined : (label ?? usual);
  return openImages(input, defined({ labelColumn, onPass }));
}

/**
 * Whether a command with a model and an input is about images.
 *
 * @throws UnlikelyError `command/wrong-kind` where one of them is and the other is not.
 */
export async function isAboutImages(model: string, input: string): Promise<boolean> {
  // A file that cannot be read is for the loader to explain.
  const bytes = await readFile(model).catch(() => undefined);
  if (bytes === undefined) return false;
  const trained = isImageModel(bytes);
  const given = await isImageInput(input);
  if (trained === given) return trained;
  const [wanted, came] = trained ? ['images', 'a table'] : ['a table', 'images'];
  throw new UnlikelyError<CommandErrorCode>(
    'command/wrong-kind',
    `expected ${wanted}, which ${model} was trained on, but ${input} is ${came}`,
    { help: `Give ${wanted}, or a model that was trained on ${trained ? 'tables' : 'images'}.` },
  );
}

/** Throws `usage/invalid` for options that mean something for tables alone. */
export function refuseTableOptions(options: object, names: readonly string[]): void {
  const given = names.filter((name) => {
    const value = (options as Record<string, unknown>)[name];
    return value !== undefined && value !== false;
  });
  if (given.length === 0) return;
  const flag = given[0]!.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UnlikelyError<CommandErrorCode>(
    'usage/invalid',
    `expected options for images, but --${flag} is for tables`,
    { help: `Leave out --${flag}.` },
  );
}

/** Throws `usage/invalid` where a table is asked for pictures. */
export function refuseGallery({ gallery }: { readonly gallery?: string }): void {
  if (gallery === undefined) return;
  throw new UnlikelyError<CommandErrorCode>(
    'usage/invalid',
    'expected options for tables, but --gallery is for images',
    { help: 'Leave out --gallery.' },
  );
}
