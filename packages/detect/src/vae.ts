import { detectError } from './detect-error.ts';
import type { History } from './artifact/manifest.ts';
import { readModelFile, writeModelFile } from './artifact/model-file.ts';
import type { ModelFile } from './artifact/model-file.ts';
import { readModelBytes } from './artifact/read-model-bytes.ts';
import { featureCount } from './column/feature.ts';
import { completeConfiguration } from './check-configuration.ts';
import type { ConformalCalibration } from './calibrate/conformal-calibration.ts';
import type { Configuration } from './configuration.ts';
import { attribute } from './explain/attribution.ts';
import type { Attribution } from './explain/attribution.ts';
import { GenerativeModel } from './generate/generative-model.ts';
import type { Health } from './health/health.ts';
import { networkSizes } from './network/network-sizes.ts';
import { filesOf } from './platform.ts';
import type { Platform } from './platform.ts';
import { encodeRows } from './rows.ts';
import type { Rows } from './rows.ts';
import { ModelScorer } from './score/model-scorer.ts';
import { scoredBy } from './score/scored-by.ts';
import type { ScoreChoice } from './score/scored-by.ts';
import { fitModel } from './train/fit-model.ts';
import type { TrainingEvent } from './train/training-event.ts';

export interface FitMatrixOptions {
  /** Passes over the rows, in place of the configuration's `steps`. */
  readonly epochs?: number;
  /** In place of the configuration's `batchSize`. */
  readonly batchSize?: number;
  /** Called when a further epoch is done, with the means of the last steps. */
  readonly onEpoch?: (progress: Extract<TrainingEvent, { kind: 'progress' }>) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** At which `health.power` counts injected anomalies as found, in (0, 1); default 0.01. */
  readonly falsePositiveRate?: number;
  readonly signal?: AbortSignal;
}

/** Scores with their Monte-Carlo standard errors, one of each a row. */
export interface Scores {
  readonly score: Float64Array;
  readonly standardError: Float64Array;
}

/**
 * A variational autoencoder on matrices of numbers or on records (Kingma & Welling 2014) that scores rows by
 * reconstruction probability (An & Cho 2015). Rows are standardised inside the model; NaN is a
 * missing value. Codes are those of the first member of the ensemble.
 *
 * Every method but `fit` throws `detect/not-fitted` before `fit`; all throw `detect/input` for a
 * matrix that does not fit and `detect/disposed` after `dispose`.
 */
export class VAE extends GenerativeModel implements AsyncDisposable {
  readonly #chosen: Partial<Configuration>;
  readonly #complete: Configuration;
  protected override readonly platform: Platform;
  #model: ModelFile | undefined;
  #scorer: ModelScorer | undefined;
  #disposed = false;

  /** @throws UnlikelyError `detect/configuration`. */
  constructor(options: Partial<Configuration>, platform: Platform) {
    super();
    this.#chosen = {
      score: 'reconstruction-probability',
      ...options,
      ...this.fixedOptions(),
    };
    this.#complete = completeConfiguration(this.#chosen);
    this.platform = platform;
  }

  /** Every parameter; sizes that were not chosen follow from the columns once it has been fitted. */
  get configuration(): Configuration {
    return this.#model?.manifest.configuration ?? this.#complete;
  }

  /** What a class decides whatever the options are. */
  protected fixedOptions(): Partial<Configuration> {
    return { model: 'variational' };
  }

  /**
   * Trains on the rows of `x`, all of them taken for normal. A second `fit` starts anew.
   *
   * @throws UnlikelyError `detect/too-few-rows` below 10 rows, `detect/aborted`, `detect/not-finite`.
   */
  async fit(x: Rows, options: FitMatrixOptions = {}): Promise<History> {
    this.#checkAlive();
    const { schema, rows } = await encodeRows(x, this.platform);
    const features = featureCount(schema.fields);
    const configuration = this.#configurationFor(features, rows.rows, options);
    let epoch = 0;
    const model = await fitModel({
      schema,
      rows,
      rowsRead: rows.rows,
      platform: this.platform,
      options: {
        configuration,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.falsePositiveRate === undefined
          ? {}
          : { falsePositiveRate: options.falsePositiveRate }),
        onEvent: (event) => {
          options.onEvent?.(event);
          if (event.kind !== 'progress' || Math.floor(event.epoch) <= epoch) return;
          epoch = Math.floor(event.epoch);
          options.onEpoch?.(event);
        },
      },
    });
    await this.#scorer?.dispose();
    this.#use(model);
    return model.manifest.history;
  }

  #configurationFor(
    features: number,
    rows: number,
    { epochs, batchSize }: FitMatrixOptions,
  ): Configuration {
    const chosen = completeConfiguration({
      ...networkSizes(features),
      ...this.#chosen,
      ...(batchSize === undefined ? {} : { batchSize }),
    });
    if (epochs === undefined) return chosen;
    if (!(epochs > 0 && epochs < Infinity)) {
      throw detectError(
        'detect/configuration',
        `expected epochs to be a number above 0, got ${epochs}`,
        { help: 'Leave it out to train for the `steps` of the configuration.' },
      );
    }
    const perEpoch = rows / Math.min(chosen.batchSize, Math.max(1, rows));
    return completeConfiguration({ ...chosen, steps: Math.max(1, Math.round(epochs * perEpoch)) });
  }

  /** How the training went. */
  get history(): History {
    return this.fitted().manifest.history;
  }

  /** Whether the model can be trusted, and what it finds of injected anomalies. */
  get health(): Health {
    return this.fitted().manifest.health;
  }

  /** The score of every row, higher for less likely rows: −E[log p(x|z)] in nats, unless another `score` was chosen. */
  async reconstructionProbability(x: Rows): Promise<Scores> {
    const block = await this.scored(x, 'scores');
    return {
      score: block.score,
      standardError: block.standard_error,
    };
  }

  /**
   * Whether each row is an outlier at level `alpha`: of normal rows at most this share is
   * (split-conformal, on rows kept from training).
   *
   * @param options.alpha In (0, 1), default 0.05.
   * @param options.falseDiscoveryRate In (0, 1), in place of `alpha`: of the rows of `x` that are
   *   called outliers at most this share is expected to be normal (Benjamini & Hochberg 1995).
   * @throws UnlikelyError `calibrate/too-few` where too few rows were kept to promise so little.
   */
  async isOutlier(
    x: Rows,
    options: { alpha?: number; falseDiscoveryRate?: never } | { falseDiscoveryRate: number } = {},
  ): Promise<boolean[]> {
    const calibration = this.fittedScorer().calibration();
    const { score } = await this.reconstructionProbability(x);
    const threshold =
      options.falseDiscoveryRate === undefined
        ? calibration.threshold(options.alpha ?? 0.05)
        : calibration.discoveryThreshold(score, options.falseDiscoveryRate);
    return Array.from(score, (value) => value > threshold);
  }

  /**
   * What turns scores into p-values and rates into thresholds.
   *
   * @throws UnlikelyError `detect/uncalibrated` where no rows were kept from training.
   */
  get calibration(): ConformalCalibration {
    return this.fittedScorer().calibration();
  }

  /**
   * A model of the same trained networks with another score, to be disposed of on its own. It is not
   * calibrated.
   *
   * @throws UnlikelyError `detect/configuration` for a score by stored codes where there are none.
   */
  scoredBy(choice: ScoreChoice): this {
    const model = scoredBy(this.fitted(), choice);
    const make = this.constructor as new (options: object, platform: Platform) => this;
    const other = new make(model.manifest.configuration, this.platform);
    other.#use(model);
    return other;
  }

  /** What each field has to do with the score of each row, in nats beyond a normal row. */
  async explain(x: Rows): Promise<Attribution[]> {
    const { rows } = await encodeRows(x, this.platform, this.fitted().manifest.schema);
    const scorer = await this.fittedScorer().scorer('details');
    return attribute({
      encoded: rows.data,
      block: await scorer.run({ rows: rows.data }, rows.rows),
      neutral: this.fitted().neutral,
      score: (data, count) => scorer.run({ rows: data }, count),
    });
  }

  /** Writes the model file, whole or not at all. */
  async save(path: string): Promise<{ bytes: number }> {
    const bytes = await writeModelFile(this.fitted());
    await filesOf(this.platform, path).write(path, bytes);
    return { bytes: bytes.length };
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`, `model/unreadable`. */
  static async load(path: string, platform: Platform): Promise<VAE> {
    const model = await readModelFile(await readModelBytes(path, filesOf(platform, path)));
    const vae = new this(model.manifest.configuration, platform);
    const { model: expected } = vae.configuration;
    const { model: found } = model.manifest.configuration;
    if (found !== expected) {
      throw detectError('model/foreign', `expected a model of kind ${expected}, got ${found}`, {
        help: 'Load it with the class that saved it: VAE or Autoencoder.',
      });
    }
    vae.#use(model);
    return vae;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#scorer?.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #use(model: ModelFile): void {
    this.#model = model;
    this.#scorer = new ModelScorer(model, this.platform);
  }

  #checkAlive(): void {
    if (!this.#disposed) return;
    throw detectError('detect/disposed', 'this model was disposed of', {
      help: 'Load or train it again.',
    });
  }

  protected override fitted(): ModelFile {
    this.#checkAlive();
    if (this.#model !== undefined) return this.#model;
    throw detectError('detect/not-fitted', 'expected a trained model, got one that saw no data', {
      help: 'Call `await model.fit(x)` or `VAE.load(path)` first.',
    });
  }

  protected override fittedScorer(): ModelScorer {
    this.fitted();
    return this.#scorer!;
  }
}
