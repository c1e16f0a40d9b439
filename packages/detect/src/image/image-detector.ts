import type { ImageSettingsOptions, ImageSource } from '@unlikely/data/source';
import type { Abortable } from '../abort.ts';
import { detectError } from '../detect-error.ts';
import { readModelFile, writeModelFile } from '../artifact/model-file.ts';
import { readModelBytes } from '../artifact/read-model-bytes.ts';
import { decodeDoubles } from '../artifact/base64.ts';
import { ConformalCalibration } from '../calibrate/conformal-calibration.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { Latent } from '../latent/latent.ts';
import { filesOf } from '../platform.ts';
import type { Platform } from '../platform.ts';
import type { TrainingEvent } from '../train/training-event.ts';
import { completeImageConfiguration } from './check-image-configuration.ts';
import type { EvaluateImagesOptions } from './evaluate-images.ts';
import { ImageCodes } from './image-codes.ts';
import type { ImageConfiguration } from './image-configuration.ts';
import { imageFormat } from './image-format.ts';
import type { ImageModelFile } from './image-format.ts';
import type { ImageManifest } from './image-manifest.ts';
import { ImageModelScorer } from './image-model-scorer.ts';
import { checkImages } from './images.ts';
import type { Images } from './images.ts';
import type { ImageDetails, ImageScores, ScoredImages } from './image-scores.ts';
import { imageSteps } from './image-steps.ts';
import { labelsOfImages, trainingLabel } from '../normal-labels.ts';
import { sampledStore } from './sampled-store.ts';

/** Options of `ImageDetector.train`: the parameters of the model and how it meets the images. */
export interface ImageTrainOptions extends Partial<ImageConfiguration> {
  /** Labels of the normal images; without labels all images are. By default 0, false, no, normal, benign, ok or good. */
  readonly normal?: readonly string[];
  /**
   * Share of the normal images that the training keeps away from, in [0, 1): blocks of each label, which with
   * all others are `source.split(testShare, { in: normal }).test`. Default 0.
   */
  readonly testShare?: number;
  /** How images become pixels, in place of the inferred settings. */
  readonly images?: Omit<ImageSettingsOptions, 'seed'>;
  /** Beyond this many images a uniform sample is trained on; default 200,000. */
  readonly maximumTrainingRows?: number;
  /** Threads of the training; all cores where absent. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** File of the unfinished training: written every ten seconds and when it is stopped. */
  readonly checkpoint?: string;
  /** Goes on from the checkpoint, where there is one, to the weights of an uninterrupted training. */
  readonly resume?: boolean;
}

export interface ScoreImagesOptions {
  /** Heat maps, expected images and codes as well. */
  readonly details?: boolean;
  /** Images that are read at a time; scores do not depend on it. */
  readonly batchRows?: number;
  readonly signal?: AbortSignal;
}

const defaultMaximumTrainingRows = 200_000;

/**
 * What trains is not needed to score. A function of its own, since TypeScript 6.0 does not rewrite the
 * extension in one that has `await using`.
 */
function loadFitting(): Promise<typeof import('./fit-image-model.ts')> {
  return import('./fit-image-model.ts');
}

/** Finds images that a model of normal images holds for unlikely. */
export class ImageDetector implements AsyncDisposable {
  #model: ImageModelFile;
  readonly #platform: Platform;
  readonly #scorer: ImageModelScorer;
  #calibration: ConformalCalibration | undefined;
  /** New images, codes of images, and what the decoder makes of codes. */
  readonly latent: Latent<Images>;

  private constructor(model: ImageModelFile, platform: Platform) {
    this.#model = model;
    this.#platform = platform;
    this.#scorer = new ImageModelScorer(model, platform);
    this.latent = new Latent(new ImageCodes(model, this.#scorer), {
      read: () => this.manifest.attributes ?? {},
      write: (attributes) => {
        this.#model = { ...this.#model, manifest: { ...this.manifest, attributes } };
      },
    });
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): ImageManifest {
    return this.#model.manifest;
  }

  /**
   * Learns the normal images of a source.
   *
   * @throws UnlikelyError `detect/configuration`, `detect/normal-values`, `detect/too-few-rows`,
   *   `detect/aborted`, `detect/not-finite`, `model/checkpoint`, and those of reading the images.
   */
  static async train(
    source: ImageSource,
    options: ImageTrainOptions,
    platform: Platform,
  ): Promise<ImageDetector> {
    const { normal, images, testShare = 0, maximumTrainingRows, ...rest } = options;
    const { threads, signal, onEvent, checkpoint, resume, ...chosen } = rest;
    completeImageConfiguration(chosen);
    onEvent?.({ kind: 'phase', phase: 'reading' });
    const summary =
      source.labels === undefined && normal === undefined
        ? undefined
        : trainingLabel(labelsOfImages(source), normal);
    if (summary !== undefined) onEvent?.({ kind: 'label', ...summary });
    const labels = summary?.normal.map(({ value }) => value);
    const seen =
      testShare === 0
        ? source
        : source.split(testShare, labels === undefined ? undefined : { in: labels }).training;
    const rows = labels === undefined ? seen : seen.where({ in: labels });
    const { seed } = completeImageConfiguration(chosen);
    const settings = await rows.inferSettings({ ...images, seed });
    const configuration = completeImageConfiguration({ ...imageSteps(settings), ...chosen });
    const most = maximumTrainingRows ?? defaultMaximumTrainingRows;
    const { fitImageModel } = await loadFitting();
    await using store = await rows.pixels(settings, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (done, total) => onEvent?.({ kind: 'reading', done, total }),
    });
    const model = await fitImageModel({
      store: store.rows <= most ? store : sampledStore(store, most, seed),
      settings,
      ...(labels === undefined ? {} : { normal: labels }),
      read: rows.count,
      configuration,
      platform,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(resume === undefined ? {} : { resume }),
    });
    const { health } = model.manifest;
    for (const message of health.verdict === 'good' ? [] : health.findings) {
      const help = 'See the health of the model in `unlikely inspect`.';
      onEvent?.({ kind: 'warning', code: `health/${health.verdict}`, message, help });
    }
    return new ImageDetector(model, platform);
  }

  /** @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async load(path: string, platform: Platform): Promise<ImageDetector> {
    return ImageDetector.fromBytes(await readModelBytes(path, filesOf(platform, path)), platform);
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async fromBytes(bytes: Uint8Array, platform: Platform): Promise<ImageDetector> {
    return new ImageDetector(await readModelFile(imageFormat, bytes), platform);
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return writeModelFile(imageFormat, this.#model);
  }

  /** Writes the model file, whole or not at all. */
  async save(path: string): Promise<{ bytes: number }> {
    const bytes = await this.toBytes();
    await filesOf(this.#platform, path).write(path, bytes);
    return { bytes: bytes.length };
  }

  /**
   * Scores the images of a source, in its order and with bounded memory.
   *
   * @throws UnlikelyError `detect/aborted`, and those of reading the images.
   */
  async *score(
    source: ImageSource,
    options: ScoreImagesOptions = {},
  ): AsyncGenerator<ScoredImages> {
    const { details = false, batchRows = 256, signal } = options;
    const reading = { batchRows, ...(signal === undefined ? {} : { signal }) };
    for await (const batch of source.batches(this.manifest.schema, reading)) {
      yield { ...batch, ...(await this.#scoresOf(batch, details, signal)) };
    }
  }

  /** Scores of images that are in memory. */
  async scoreImages(images: Images): Promise<ImageScores> {
    return this.#scoresOf(images, false);
  }

  /** Scores with heat maps and expected images. */
  async explain(images: Images): Promise<ImageScores & { readonly details: ImageDetails }> {
    const scores = await this.#scoresOf(images, true);
    return { ...scores, details: scores.details! };
  }

  /** What the model expects in the place of each image. */
  async reconstruct(images: Images, options: Abortable = {}): Promise<Images> {
    checkImages(images, this.manifest.schema);
    const scorer = await this.#scorer.scorer('reconstruction');
    const { expected } = await scorer.run({ pixels: images.data }, images.rows, options.signal);
    return { data: expected, rows: images.rows };
  }

  /**
   * Each image with what does not fit the model replaced by what it expects there; pixels that fit stay. See
   * `imageDenoisingProgram`.
   */
  async denoise(images: Images, options: Abortable = {}): Promise<Images> {
    checkImages(images, this.manifest.schema);
    const denoiser = await this.#scorer.denoiser();
    const { restored } = await denoiser.run({ pixels: images.data }, images.rows, options.signal);
    return { data: restored, rows: images.rows };
  }

  async #scoresOf(images: Images, details: boolean, signal?: AbortSignal): Promise<ImageScores> {
    checkImages(images, this.manifest.schema);
    const form = details ? 'details' : 'scores';
    const scorer = await this.#scorer.scorer(form);
    const found = await scorer.run({ pixels: images.data }, images.rows, signal);
    const { score } = found;
    return {
      score,
      standardError: this.#standardErrors(found.standard_error),
      pValue: this.calibrated ? this.#calibrationOf().pValues(score) : score.map(() => 1),
      ...('contribution' in found
        ? {
            details: {
              contributions: found.contribution,
              other: found.other_share,
              expected: found.expected,
              code: found.code,
            },
          }
        : {}),
    };
  }

  /** A score that draws nothing has no spread to tell its error by. */
  #standardErrors(errors: Float64Array): Float64Array {
    const { combination, configuration } = this.manifest;
    const draws = combination.terms.some(({ statistic }) => statistic === 'surprise');
    return draws && configuration.samples > 1 ? errors : errors.fill(NaN);
  }

  /** Whether images were kept from training to calibrate with. */
  get calibrated(): boolean {
    return this.manifest.rows.calibration > 0;
  }

  /**
   * The score above which an image is flagged, so that of normal images at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few` where too few images were kept to promise so little,
   *   `detect/uncalibrated` where none were.
   */
  threshold(falsePositiveRate: number): number {
    return this.#calibrationOf().threshold(falsePositiveRate);
  }

  /**
   * The score above which images of a whole batch are flagged, so that of the flagged ones at most this
   * share is expected to be normal; Infinity where none can be flagged.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  discoveryThreshold(scores: Float64Array, falseDiscoveryRate: number): number {
    return this.#calibrationOf().discoveryThreshold(scores, falseDiscoveryRate);
  }

  #calibrationOf(): ConformalCalibration {
    if (!this.calibrated) {
      throw detectError('detect/uncalibrated', 'this model has no calibration', {
        help: 'Train with `calibrationShare` above 0, or flag images by `--threshold` or `--alerts`.',
      });
    }
    this.#calibration ??= new ConformalCalibration(decodeDoubles(this.manifest.calibration.full));
    return this.#calibration;
  }

  /** Compares the scores with labels, beside trivial baselines. */
  async evaluate(source: ImageSource, options: EvaluateImagesOptions = {}): Promise<Evaluation> {
    const { evaluateImages } = await import('./evaluate-images.ts');
    return evaluateImages(this, source, options);
  }

  async dispose(): Promise<void> {
    await this.#scorer.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
