import type { ImageBatch } from '@unlikely/data';
import type {
  ImageDetector as PortableImageDetector,
  Attribute,
  DrawCodesOptions,
  EvaluateImagesOptions,
  Evaluation,
  ImageDetails,
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
import type { ImageReportOptions } from '../report/measured-image-report.ts';
import { BoundDetector } from './bound-detector.ts';
import { deliverReport } from './deliver-report.ts';
import { imagesName, withBatches, withImages } from './image-input.ts';
import type { ImageCodes, ImageInput, MadeImages, ReadImagesOptions } from './image-input.ts';
import { imagesOf, thresholdOf } from './prediction.ts';
import type { ImagePrediction, PredictOptions } from './prediction.ts';

/** What a report is about; `source` is by default the input's path. */
export interface ImageDetectorReportOptions extends Partial<ImageReportOptions> {}

/** Finds images that a model of normal images holds for unlikely: `@unlikely/detect` on files, on Node. */
export class ImageDetector extends BoundDetector<PortableImageDetector> {
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
        new ImageDetector(await (await portable()).train(images, options, platform)),
    );
  }

  /**
   * Reads a model file; what is in it is checked, and nothing of it is executed.
   *
   * @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async load(path: string, platform: Platform = nodePlatform()): Promise<ImageDetector> {
    return new ImageDetector(await (await portable()).load(path, platform));
  }

  /**
   * The model of the bytes of a file, checked as by `load`.
   *
   * @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async fromBytes(
    bytes: Uint8Array,
    platform: Platform = nodePlatform(),
  ): Promise<ImageDetector> {
    return new ImageDetector(await (await portable()).fromBytes(bytes, platform));
  }

  /** Scores the images in their order, with bounded memory. Higher is less likely. */
  score(input: ImageInput, options: ScoreImagesOptions = {}): AsyncGenerator<ScoredImages> {
    return withBatches(input, (images) => this.detector.score(images, options));
  }

  /**
   * Scores the images one by one, each with whether it is an anomaly; images that cannot be read are
   * left out, and are among the failures of `score`.
   *
   * @throws UnlikelyError `detect/uncalibrated` without calibration and without a threshold,
   *   `calibrate/too-few` where too few images were kept to promise the rate, and those of `score`.
   */
  async *predict(input: ImageInput, options: PredictOptions = {}): AsyncGenerator<ImagePrediction> {
    const threshold = thresholdOf(this.detector, options);
    for await (const batch of this.score(input, options)) yield* imagesOf(batch, threshold);
  }

  /** Scores of images in memory, with heat maps and expected images. */
  explain(images: Images): Promise<ImageScores & { readonly details: ImageDetails }> {
    return this.detector.explain(images);
  }

  /**
   * The score above which an image is flagged, so that of normal images at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  threshold(falsePositiveRate: number): number {
    return this.detector.threshold(falsePositiveRate);
  }

  /**
   * The score above which images of a whole batch are flagged, so that of the flagged ones at most this
   * share is expected to be normal; Infinity where none can be flagged.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  discoveryThreshold(scores: Float64Array, falseDiscoveryRate: number): number {
    return this.detector.discoveryThreshold(scores, falseDiscoveryRate);
  }

  /** Compares the scores with labels, beside simple methods. */
  evaluate(input: ImageInput, options: EvaluateImagesOptions = {}): Promise<Evaluation> {
    return withImages(input, (images) => this.detector.evaluate(images, options));
  }

  /**
   * A report of the images as one HTML page that needs no network: the least and the most likely ones
   * with heat maps, the scores, a map of the codes, and with labels what the scores are worth.
   *
   * @param output A path, written whole or not at all; or `'string'`, which gives the page back.
   * @throws UnlikelyError `data/not-writable`, and those of `score` and `evaluate`.
   */
  report(
    input: ImageInput,
    output: 'string',
    options?: ImageDetectorReportOptions,
  ): Promise<string>;
  report(input: ImageInput, output: string, options?: ImageDetectorReportOptions): Promise<void>;
  async report(
    input: ImageInput,
    output: string,
    options: ImageDetectorReportOptions = {},
  ): Promise<string | void> {
    const { measuredImageReport } = await import('../report/measured-image-report.ts');
    const named = { source: imagesName(input), ...options };
    const { data } = await withImages(input, (images) =>
      measuredImageReport(this.detector, images, named),
    );
    return deliverReport(output, data);
  }

  /** The images beside what the model expects in their place. */
  reconstruct(input: ImageInput, options: ReadImagesOptions = {}): AsyncGenerator<MadeImages> {
    return this.#made(input, options, (batch) => this.detector.reconstruct(batch, options));
  }

  /** The images with what does not fit the model replaced by what it expects there. */
  denoise(input: ImageInput, options: ReadImagesOptions = {}): AsyncGenerator<MadeImages> {
    return this.#made(input, options, (batch) => this.detector.denoise(batch, options));
  }

  /** The mean latent code of each image. */
  async *encode(input: ImageInput, options: ReadImagesOptions = {}): AsyncGenerator<ImageCodes> {
    for await (const batch of this.#batches(input, options)) {
      const { rows, rowNumbers, names, labels } = batch;
      const codes = await this.detector.latent.encode(batch, options);
      yield { rows, rowNumbers, names, codes, ...(labels === undefined ? {} : { labels }) };
    }
  }

  /** The images that the decoder expects for codes [rows, latentSize]. */
  decode(codes: Matrix): Promise<Images> {
    return this.detector.latent.decode(codes);
  }

  /** `count` new images in batches of `batchRows` (128), the same for the same seed. */
  async *generate(
    count: number,
    options: DrawCodesOptions & ReadImagesOptions = {},
  ): AsyncGenerator<Images> {
    const { latent } = this.detector;
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
    return this.detector.latent.interpolate(a, b, options);
  }

  /** One latent unit at a time over a range, the others as in an image, or 0 where none is named. */
  async traverse(
    options: TraversalOptions & {
      readonly from?: { readonly input: ImageInput; readonly row: number };
    } = {},
  ): Promise<Images & Pick<Traversal, 'unit' | 'value'>> {
    const { from, ...others } = options;
    if (from === undefined) return this.detector.latent.traverse(others);
    return this.detector.latent.traverse({
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
    return this.detector.latent.attributeVector(
      this.#batches(withIt, options),
      this.#batches(withoutIt, options),
      options,
    );
  }

  /** The images beside themselves with `amount` (default 1) of an attribute of the model, or of a vector. */
  transfer(
    input: ImageInput,
    attribute: string | ArrayLike<number>,
    options: ReadImagesOptions & { readonly amount?: number } = {},
  ): AsyncGenerator<MadeImages> {
    return this.#made(input, options, (batch) =>
      this.detector.latent.transfer(batch, attribute, options),
    );
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

/** The detector that runs anywhere, loaded with its first use. */
async function portable(): Promise<typeof PortableImageDetector> {
  return (await import('@unlikely/detect')).ImageDetector;
}
