import { openImages } from '@unlikely/data';
import type { ImageBatch, ImageSource } from '@unlikely/data';
import { ImageDetector as PortableImageDetector } from '@unlikely/detect';
import type {
  Attribute,
  DrawCodesOptions,
  EvaluateImagesOptions,
  Evaluation,
  ImageDetails,
  ImageManifest,
  Images,
  ImageScores,
  ImageTrainOptions,
  Matrix,
  PathKind,
  Platform,
  ScoredImages,
  ScoreImagesOptions,
  Traversal,
  TraversalOptions,
} from '@unlikely/detect';
import { commandError } from '../command-error.ts';
import { nodePlatform } from '../platform.ts';

/**
 * A folder of images (folders in it are labels), a glob, image files, or Parquet with a column of image
 * bytes, opened for the call alone; or a source of the caller's.
 */
export type ImageInput = string | readonly string[] | ImageSource;

export interface ReadImagesOptions {
  /** Images that are read at a time, default 256; the results do not depend on it. */
  readonly batchRows?: number;
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

/** Finds images that a model of normal images holds for unlikely: `@unlikely/detect` on files, on Node. */
export class ImageDetector implements AsyncDisposable {
  readonly #detector: PortableImageDetector;

  private constructor(detector: PortableImageDetector) {
    this.#detector = detector;
  }

  /**
   * Learns the normal images of an input.
   *
   * @throws UnlikelyError with the codes of reading (`data/…`) and of training (`detect/…`).
   */
  static async train(
    input: ImageInput,
    options: ImageTrainOptions = {},
    platform: Platform = nodePlatform(options),
  ): Promise<ImageDetector> {
    return withImages(
      input,
      async (images) =>
        new ImageDetector(await PortableImageDetector.train(images, options, platform)),
    );
  }

  /** @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async load(path: string, platform: Platform = nodePlatform()): Promise<ImageDetector> {
    return new ImageDetector(await PortableImageDetector.load(path, platform));
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async fromBytes(
    bytes: Uint8Array,
    platform: Platform = nodePlatform(),
  ): Promise<ImageDetector> {
    return new ImageDetector(await PortableImageDetector.fromBytes(bytes, platform));
  }

  /** Everything about the model but the numbers of its networks; `schema` says the shape of its images. */
  get manifest(): ImageManifest {
    return this.#detector.manifest;
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return this.#detector.toBytes();
  }

  /** Writes the model file, whole or not at all. */
  save(path: string): Promise<{ bytes: number }> {
    return this.#detector.save(path);
  }

  /** Scores the images in their order, with bounded memory. Higher is less likely. */
  score(input: ImageInput, options: ScoreImagesOptions = {}): AsyncGenerator<ScoredImages> {
    return withBatches(input, (images) => this.#detector.score(images, options));
  }

  /** Scores of images in memory, with heat maps and expected images. */
  explain(images: Images): Promise<ImageScores & { readonly details: ImageDetails }> {
    return this.#detector.explain(images);
  }

  /**
   * The score above which an image is flagged, so that of normal images at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  threshold(falsePositiveRate: number): number {
    return this.#detector.threshold(falsePositiveRate);
  }

  /**
   * The score above which images of a whole batch are flagged, so that of the flagged ones at most this
   * share is expected to be normal; Infinity where none can be flagged.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  discoveryThreshold(scores: Float64Array, falseDiscoveryRate: number): number {
    return this.#detector.discoveryThreshold(scores, falseDiscoveryRate);
  }

  /** Compares the scores with labels, beside simple methods. */
  evaluate(input: ImageInput, options: EvaluateImagesOptions = {}): Promise<Evaluation> {
    return withImages(input, (images) => this.#detector.evaluate(images, options));
  }

  /** The images beside what the model expects in their place. */
  reconstruct(input: ImageInput, options: ReadImagesOptions = {}): AsyncGenerator<MadeImages> {
    return this.#made(input, options, (batch) => this.#detector.reconstruct(batch, options));
  }

  /** The images with what does not fit the model replaced by what it expects there. */
  denoise(input: ImageInput, options: ReadImagesOptions = {}): AsyncGenerator<MadeImages> {
    return this.#made(input, options, (batch) => this.#detector.denoise(batch, options));
  }

  /** The mean latent code of each image. */
  async *encode(input: ImageInput, options: ReadImagesOptions = {}): AsyncGenerator<ImageCodes> {
    for await (const batch of this.#batches(input, options)) {
      const { rows, rowNumbers, names, labels } = batch;
      const codes = await this.#detector.latent.encode(batch, options);
      yield { rows, rowNumbers, names, codes, ...(labels === undefined ? {} : { labels }) };
    }
  }

  /** The images that the decoder expects for codes [rows, latentSize]. */
  decode(codes: Matrix): Promise<Images> {
    return this.#detector.latent.decode(codes);
  }

  /** `count` new images in batches of `batchRows` (128), the same for the same seed. */
  async *generate(
    count: number,
    options: DrawCodesOptions & ReadImagesOptions = {},
  ): AsyncGenerator<Images> {
    const { latent } = this.#detector;
    const { batchRows = 128 } = options;
    for (const codes of latent.codeBatches(count, { ...options, batchRows })) {
      yield await latent.decode(codes, options);
    }
  }

  /** `steps` images on the way from one image of the input to another, by their numbers from 0. */
  async interpolate(
    input: ImageInput,
    [from, to]: readonly [number, number],
    options: { readonly steps?: number; readonly path?: PathKind } = {},
  ): Promise<Images> {
    const [a, b] = [await this.#imageAt(input, from), await this.#imageAt(input, to)];
    return this.#detector.latent.interpolate(a, b, options);
  }

  /** One latent unit at a time over a range, the others as in an image, or 0 where none is named. */
  async traverse(
    options: TraversalOptions & {
      readonly from?: { readonly input: ImageInput; readonly row: number };
    } = {},
  ): Promise<Images & Pick<Traversal, 'unit' | 'value'>> {
    const { from, ...others } = options;
    if (from === undefined) return this.#detector.latent.traverse(others);
    return this.#detector.latent.traverse({
      ...others,
      from: await this.#imageAt(from.input, from.row),
    });
  }

  /** The direction in the latent space from images without a trait to images with it. */
  attributeVector(
    withIt: ImageInput,
    withoutIt: ImageInput,
    options: ReadImagesOptions = {},
  ): Promise<Attribute> {
    return this.#detector.latent.attributeVector(
      this.#batches(withIt, options),
      this.#batches(withoutIt, options),
      options,
    );
  }

  /** The attribute vectors that the model keeps, by name. */
  get attributes(): Readonly<Record<string, Attribute>> {
    return this.#detector.latent.attributes;
  }

  /** Keeps an attribute vector under a name, from the next `save` on. Throws `detect/input`, `detect/configuration`. */
  keepAttribute(name: string, attribute: Attribute): void {
    this.#detector.latent.keepAttribute(name, attribute);
  }

  /** The images beside themselves with `amount` (default 1) of an attribute of the model, or of a vector. */
  transfer(
    input: ImageInput,
    attribute: string | ArrayLike<number>,
    options: ReadImagesOptions & { readonly amount?: number } = {},
  ): AsyncGenerator<MadeImages> {
    return this.#made(input, options, (batch) =>
      this.#detector.latent.transfer(batch, attribute, options),
    );
  }

  /** Ends the workers; a second call does nothing. */
  dispose(): Promise<void> {
    return this.#detector.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async *#made(
    input: ImageInput,
    options: ReadImagesOptions,
    make: (batch: ImageBatch) => Promise<Images>,
  ): AsyncGenerator<MadeImages> {
    for await (const batch of this.#batches(input, options)) {
      yield { ...batch, made: (await make(batch)).data };
    }
  }

  #batches(input: ImageInput, options: ReadImagesOptions): AsyncGenerator<ImageBatch> {
    const { schema: settings } = this.manifest;
    return withBatches(input, (images) => images.batches(settings, options));
  }

  #imageAt(input: ImageInput, row: number): Promise<Images> {
    return withImages(input, async (images) => {
      const image = await images.rows(this.manifest.schema, [row]);
      if (image.rows === 1) return image;
      const [failure] = image.failures;
      throw commandError('data/unreadable-images', `expected to read image ${row}`, {
        help: failure === undefined ? 'Name another.' : `${failure.name}: ${failure.reason}`,
      });
    });
  }
}

async function withImages<Result>(
  input: ImageInput,
  use: (images: ImageSource) => Promise<Result>,
): Promise<Result> {
  if (isSource(input)) return use(input);
  await using images = await openImages(input);
  return await use(images);
}

async function* withBatches<Batch>(
  input: ImageInput,
  use: (images: ImageSource) => AsyncIterable<Batch>,
): AsyncGenerator<Batch> {
  if (isSource(input)) {
    yield* use(input);
    return;
  }
  await using images = await openImages(input);
  yield* use(images);
}

function isSource(input: ImageInput): input is ImageSource {
  return typeof input === 'object' && 'batches' in input;
}
