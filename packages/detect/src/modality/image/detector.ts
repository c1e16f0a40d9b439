import type { ImageSettingsOptions, ImageSource } from '@unlikely/data/source';
import type { Abortable } from '../../abort.ts';
import { readModelFile } from '../../artifact/model-file.ts';
import { readModelBytes } from '../../artifact/read-model-bytes.ts';
import { Detector } from '../../detector.ts';
import type { Modality, ScoreOptions } from '../modality.ts';
import type { ImageTypes } from './types.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import { filesOf } from '../../platform.ts';
import type { Platform } from '../../platform.ts';
import type { TrainingEvent } from '../../train/training-event.ts';
import { completeImageConfiguration } from './check-configuration.ts';
import type { EvaluateImagesOptions } from './evaluate.ts';
import type { ImageConfiguration } from './configuration.ts';
import { Latent } from '../../latent/latent.ts';
import { ImageCodes } from './generate/codes.ts';
import { imageFormat } from './artifact/format.ts';
import type { ImageModelFile } from './model.ts';
import { ImageModelScorer } from './scorer.ts';
import { checkImages } from './images.ts';
import type { Images } from './images.ts';
import type { ImageDetails, ImageScores } from './score/scores.ts';
import { imageSteps } from './train/steps.ts';
import { labelsOfImages, trainingLabel } from '../../normal-labels.ts';
import { sampledStore } from './train/sampled-store.ts';

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
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Told what the training does. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** File of the unfinished training: written every ten seconds and when it is stopped. */
  readonly checkpoint?: string;
  /** Goes on from the checkpoint, where there is one, to the weights of an uninterrupted training. */
  readonly resume?: boolean;
}

const defaultMaximumTrainingRows = 200_000;

/**
 * What trains is not needed to score. A function of its own, since TypeScript 6.0 does not rewrite the
 * extension in one that has `await using`.
 */
function loadFitting(): Promise<typeof import('./fit.ts')> {
  return import('./fit.ts');
}

const image: Modality<ImageTypes> = {
  format: imageFormat,
  scoring: (model, platform) => new ImageModelScorer(model, platform),
  latent: (model, scorer, shelf) => new Latent(new ImageCodes(model, scorer), shelf),
};

/** Finds images that a model of normal images holds for unlikely. */
export class ImageDetector extends Detector<ImageTypes> {
  private constructor(model: ImageModelFile, platform: Platform) {
    super(image, model, platform);
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

  /**
   * Reads a model file; what is in it is checked, and nothing of it is executed.
   *
   * @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async load(path: string, platform: Platform): Promise<ImageDetector> {
    return ImageDetector.fromBytes(await readModelBytes(path, filesOf(platform, path)), platform);
  }

  /**
   * The model of the bytes of a file, checked as by `load`.
   *
   * @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async fromBytes(bytes: Uint8Array, platform: Platform): Promise<ImageDetector> {
    return new ImageDetector(await readModelFile(imageFormat, bytes), platform);
  }

  /** Scores of images that are in memory. */
  async scoreImages(images: Images): Promise<ImageScores> {
    return this.#score(images, {});
  }

  /** Scores with heat maps and expected images. */
  async explain(images: Images): Promise<ImageScores & { readonly details: ImageDetails }> {
    const scores = await this.#score(images, { details: true });
    return { ...scores, details: scores.details! };
  }

  async #score(images: Images, options: ScoreOptions): Promise<ImageScores> {
    const calibration = this.calibrated ? this.scoring.calibrations.of() : undefined;
    return (await this.scoring.scoresOf(options, calibration))(images);
  }

  /** What the model expects in the place of each image. */
  async reconstruct(images: Images, options: Abortable = {}): Promise<Images> {
    checkImages(images, this.manifest.schema);
    const scorer = await this.scoring.scorer('reconstruction');
    const { expected } = await scorer.run({ pixels: images.data }, images.rows, options.signal);
    return { data: expected, rows: images.rows };
  }

  /**
   * Each image with what does not fit the model replaced by what it expects there; pixels that fit stay. See
   * `imageDenoisingProgram`.
   */
  async denoise(images: Images, options: Abortable = {}): Promise<Images> {
    checkImages(images, this.manifest.schema);
    const denoiser = await this.scoring.denoiser();
    const { restored } = await denoiser.run({ pixels: images.data }, images.rows, options.signal);
    return { data: restored, rows: images.rows };
  }

  /** Compares the scores with labels, beside trivial baselines. */
  async evaluate(source: ImageSource, options: EvaluateImagesOptions = {}): Promise<Evaluation> {
    const { evaluateImages } = await import('./evaluate.ts');
    return evaluateImages(this, source, options);
  }
}
