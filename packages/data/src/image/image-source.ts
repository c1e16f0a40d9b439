import type { ImageSettings, ImageSettingsOptions } from './image-settings.ts';

/** An image that could not be read, and why. */
export interface ImageFailure {
  /** 0-based place in the source. */
  readonly row: number;
  readonly name: string;
  readonly reason: string;
}

/** How many of the images were changed to fit the settings, by what was done. */
export interface ImageConversions {
  /** Brought to the width and height. */
  readonly resized: number;
  /** Colour made grey. */
  readonly toGrey: number;
  /** Grey repeated as red, green and blue. */
  readonly toColour: number;
  /** A transparency channel replaced by the background. */
  readonly flattened: number;
  /** Turned as the camera noted (EXIF orientation). */
  readonly turned: number;
  /** 16 bits made 8, or 8 made 16. */
  readonly rescaled: number;
}

/** Decoded images in the order of the source. */
export interface ImageBatch {
  /** Decoded images. */
  readonly rows: number;
  /** `[rows]`: 0-based places in the source, ascending; unreadable images are left out. */
  readonly rowNumbers: Float64Array;
  /** `[rows, channels, height, width]` in [0, 1]. Each batch owns its buffer. */
  readonly data: Float32Array;
  /** Path below the folder, or the name that the Parquet file gives. */
  readonly names: readonly string[];
  /** Where the source has labels; null for an image outside of the class folders. */
  readonly labels?: readonly (string | null)[];
  /** Unreadable images met on the way to the last image of the batch. */
  readonly failures: readonly ImageFailure[];
  /** How many of the images were changed to fit, up to the last of the batch. */
  readonly conversions: ImageConversions;
}

export interface ImageBatchOptions {
  /** Images in every batch but the last. Default: 256. */
  readonly batchRows?: number;
  /** Aborting ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Which images of a source are seen, by their labels. */
export interface ImageFilter {
  /** Keeps the images with one of these labels. */
  readonly in?: readonly string[];
  /** Keeps the images with none of these labels. */
  readonly notIn?: readonly string[];
}

export interface PixelOptions {
  readonly signal?: AbortSignal;
  /** Stores of more bytes lie in a temporary file. Default: 256 MB. */
  readonly memoryBytes?: number;
  /** Called now and then with the images done and all images. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Images in files, decoded as they are read: memory holds a few of them at a time and some hundred
 * bytes for the name of each. Row numbers count the images of this source or view from 0.
 */
export interface ImageSource extends AsyncDisposable {
  /** Images, readable or not. */
  readonly count: number;
  /** Labels with their counts, sorted; undefined where the source has none. An empty class folder counts 0. */
  readonly labels: readonly { readonly value: string | null; readonly count: number }[] | undefined;
  /** A view of some images. It shares the source's resources; disposing it does nothing. */
  where(filter: ImageFilter): ImageSource;
  /**
   * Views of evenly spread blocks, which hold a share of the images, and of all others.
   *
   * @param each Only images that it keeps are shared out, label by label; all others are of the test.
   */
  split(
    testShare: number,
    each?: ImageFilter,
  ): { readonly training: ImageSource; readonly test: ImageSource };
  /** Settings by rule from at most 200 images; the same seed looks at the same images. */
  inferSettings(options: ImageSettingsOptions): Promise<ImageSettings>;
  /**
   * All readable images. Throws `data/unreadable-images` or `data/image-too-large` when more
   * than the allowed share cannot be read.
   */
  batches(settings: ImageSettings, options?: ImageBatchOptions): AsyncIterable<ImageBatch>;
  /** `count` images uniformly without replacement (all where fewer), by the seed, in order. */
  sample(settings: ImageSettings, count: number, seed: number): Promise<ImageBatch>;
  /** The images at these places, in ascending order. */
  rows(settings: ImageSettings, rowNumbers: readonly number[]): Promise<ImageBatch>;
  /** Decodes all images once, for random access; throws as `batches` does. */
  pixels(settings: ImageSettings, options?: PixelOptions): Promise<PixelStore>;
}

/**
 * The pixels of the readable images of a source, packed, with random access.
 */
export interface PixelStore extends AsyncDisposable {
  readonly settings: ImageSettings;
  /** Readable images; `read` counts them from 0. */
  readonly rows: number;
  /** `[rows]`: the place of each in the source. */
  readonly rowNumbers: Float64Array;
  readonly labels?: readonly (string | null)[];
  readonly failures: readonly ImageFailure[];
  readonly conversions: ImageConversions;
  /**
   * Fills `into`, `[rows, channels, height, width]` in [0, 1], with the bits that `batches` gives.
   * Synchronous: a read of memory, or of a file that the system holds in memory while there is room.
   */
  read(rows: Int32Array, into: Float32Array): void;
}

/** How images are opened. */
export interface OpenImagesOptions {
  /** Largest share of images that may be unreadable. Default: 0.05. */
  readonly unreadableShare?: number;
  /** Images of more pixels are refused before they are decoded. Default: 64 million. */
  readonly maximumPixels?: number;
  /** Parquet: the column with the images. Default: the only one that holds bytes. */
  readonly imageColumn?: string;
  /**
   * Parquet: the column with the labels; false reads none. Default: `label`, where there is one. Of image
   * files the folder is the label, always called `label`.
   */
  readonly labelColumn?: string | false;
  /** Told what a pass over all images of the source or of a view met, at its end. */
  readonly onPass?: (summary: ImagePass) => void;
}

/** What one pass over the images met. */
export interface ImagePass {
  /** Images, readable or not. */
  readonly images: number;
  readonly failures: readonly ImageFailure[];
  readonly conversions: ImageConversions;
}
