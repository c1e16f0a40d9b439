import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { dataError } from '../data-error.ts';
import {
  labelsOf,
  type EncodedImage,
  type EncodedImages,
  type ImageLabels,
} from './encoded-images.ts';
import { extensionOf, hasImageName } from './image-format.ts';

/** What a walk through a folder finds. */
export interface FolderListing {
  /** Files that are called images, as paths, in order of their paths below the folder. */
  readonly images: readonly string[];
  /** Extensions of the other files. */
  readonly otherExtensions: ReadonlySet<string>;
  /** Names of the folders at the top. */
  readonly classFolders: readonly string[];
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Lists a folder and all below it; hidden files and folders are left out, links are followed. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const images: string[] = [];
  const otherExtensions = new Set<string>();
  const classFolders: string[] = [];
  const visited = new Set<string>();
  const walk = async (directory: string): Promise<void> => {
    const place = await realpath(directory);
    if (visited.has(place)) return;
    visited.add(place);
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(directory, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (kind?.isDirectory() === true) {
        if (directory === folder) classFolders.push(entry.name);
        await walk(path);
      } else if (hasImageName(entry.name)) images.push(path);
      else otherExtensions.add(extensionOf(entry.name));
    }
  };
  await walk(folder);
  return { images: sortPaths(images), otherExtensions, classFolders: classFolders.sort() };
}

/** The order of images: by code units of the path with `/` between its parts, on every system. */
export function sortPaths(paths: readonly string[]): string[] {
  const keyed = paths.map((path) => [path.split(sep).join('/'), path] as const);
  keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return keyed.map(([, path]) => path);
}

/** Images in files. The label of an image is the first folder below `root` on the way to it. */
export class ImageFiles implements EncodedImages {
  readonly count: number;
  readonly labels: ImageLabels | undefined;
  readonly #root: string;
  readonly #paths: readonly string[];
  readonly #maximumBytes: number;

  constructor(
    root: string,
    paths: readonly string[],
    classFolders: readonly string[],
    maximumBytes: number,
  ) {
    this.#root = root;
    this.#paths = paths;
    this.#maximumBytes = maximumBytes;
    this.count = paths.length;
    const texts = paths.map((path) => {
      const [folder, ...rest] = relative(root, path).split(sep);
      return rest.length === 0 ? null : folder!;
    });
    this.labels = texts.every((text) => text === null) ? undefined : labelsOf(texts, classFolders);
  }

  async *read(rows: Int32Array): AsyncGenerator<EncodedImage> {
    for (const row of rows) {
      const path = this.#paths[row]!;
      const name = relative(this.#root, path).split(sep).join('/');
      yield { row, name, size: () => this.#size(path), load: () => readFile(path) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Files are closed as soon as they are read.
  }

  async #size(path: string): Promise<number> {
    const info = await stat(path);
    // A pipe would wait for its writer, a device may never end.
    if (!info.isFile()) throw new Error('it is not a regular file');
    const { size } = info;
    if (size <= this.#maximumBytes) return size;
    throw new Error(`the file has ${size} bytes, more than pixels within the limit take`);
  }
}

/** The folder that all paths lie below. */
export function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]!);
  while (!paths.every((path) => isBelow(folder, path)) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

function isBelow(folder: string, path: string): boolean {
  return folder === '.' || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The error of a folder without images, which says what is in it instead. */
export function noImages(folder: string, { otherExtensions }: FolderListing): Error {
  const others = [...otherExtensions].sort().map((extension) => `.${extension}`);
  const found =
    others.length === 0
      ? `${basename(folder)} holds no files`
      : `${basename(folder)} holds only ${others.slice(0, 5).join(', ')} files`;
  return dataError('data/no-images', `expected images in ${folder}, but ${found}`, {
    help: 'Images are PNG, JPEG, WebP, TIFF or BMP files, in the folder or in folders below it.',
    details: { path: folder },
  });
}
