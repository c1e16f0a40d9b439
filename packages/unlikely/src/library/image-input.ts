import type { ImageBatch, ImageSource } from '@unlikely/data';
import type { Matrix } from '@unlikely/detect';
import { openImages } from './files.ts';
import { wrongInput } from './describe-input.ts';

/**
 * A folder of images (folders in it are labels), a glob, image files, or Parquet with a column of image
 * bytes, opened for the call alone; or a source of the caller's.
 */
export type ImageInput = string | readonly string[] | ImageSource;

/** How images are read. */
export interface ReadImagesOptions {
  /** Images that are read at a time, default 256; the results do not depend on it. */
  readonly batchRows?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** Images beside what the model makes of them. */
export interface MadeImages extends ImageBatch {
  /** [rows, channels, height, width] in [0, 1]. */
  readonly made: Float32Array;
}

/** Where images lie, and their mean codes. */
export interface ImageCodes extends Pick<ImageBatch, 'rows' | 'rowNumbers' | 'names' | 'labels'> {
  /** [rows, latentSize]. */
  readonly codes: Matrix;
}

/** Opens the input for one use. Throws `detect/input` for what is none. */
export async function withImages<Result>(
  input: ImageInput,
  use: (images: ImageSource) => Promise<Result>,
): Promise<Result> {
  if (!isPath(input)) return use(imagesOf(input));
  await using images = await openImages(input);
  return await use(images);
}

/** Opens the input for as long as batches are taken. Throws `detect/input` for what is none. */
export async function* withBatches<Batch>(
  input: ImageInput,
  use: (images: ImageSource) => AsyncIterable<Batch>,
): AsyncGenerator<Batch> {
  if (!isPath(input)) {
    yield* use(imagesOf(input));
    return;
  }
  await using images = await openImages(input);
  yield* use(images);
}

/** What images are called in words. */
export function imagesName(input: ImageInput): string {
  if (typeof input === 'string') return input;
  return isPath(input) && input.length === 1 ? input[0]! : 'images';
}

function isPath(input: ImageInput): input is string | readonly string[] {
  if (typeof input === 'string') return true;
  return Array.isArray(input) && input.every((path) => typeof path === 'string');
}

/** JavaScript gives anything. */
function imagesOf(input: unknown): ImageSource {
  if (typeof input === 'object' && input !== null && 'inferSettings' in input) {
    return input as ImageSource;
  }
  const isTable = typeof input === 'object' && input !== null && 'inferSchema' in input;
  throw wrongInput(
    input,
    'a folder, a glob, image files or a source of `openImages`',
    isTable ? '`Detector` is for tables.' : 'For instance: `photos/normal`',
  );
}
