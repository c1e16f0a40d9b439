import { RandomStream, UnlikelyError, writeModel } from '@unlikely/graph';
import type { History } from './artifact/manifest.ts';
import { readModelFile, writeModelFile } from './artifact/model-file.ts';
import type { ModelFile } from './artifact/model-file.ts';
import { readFileWhole, writeFileWhole } from './artifact/files.ts';
import { featureCount } from './column/feature.ts';
import { completeConfiguration } from './check-configuration.ts';
import type { ConformalCalibration } from './calibrate/conformal-calibration.ts';
import type { Configuration } from './configuration.ts';
import { attribute } from './explain/attribution.ts';
import type { Attribution } from './explain/attribution.ts';
import type { Health } from './health/health.ts';
import type { Matrix } from './matrix.ts';
import { encodeMatrix } from './matrix-schema.ts';
import { networkSizes } from './network/network-sizes.ts';
import type { Platform } from './platform.ts';
import { decodeRecords, encodeRows, rowCountOf } from './rows.ts';
import type { RowRecord, Rows } from './rows.ts';
import { decodingProgram } from './score/decoding-program.ts';
import { ModelScorer } from './score/model-scorer.ts';
import { scoredBy } from './score/scored-by.ts';
import type { ScoreChoice } from './score/scored-by.ts';
import { fastForm } from './score/trained-networks.ts';
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
export class VAE implements AsyncDisposable {
  readonly #chosen: Partial<Configuration>;
  readonly #complete: Configuration;
  readonly #platform: Platform;
  #model: ModelFile | undefined;
  #scorer: ModelScorer | undefined;
  #disposed = false;

  /** @throws UnlikelyError `detect/configuration`. */
  constructor(options: Partial<Configuration>, platform: Platform) {
    this.#chosen = {
      score: 'reconstruction-probability',
      ...options,
      ...this.fixedOptions(),
    };
    this.#complete = completeConfiguration(this.#chosen);
    this.#platform = platform;
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
    const { schema, rows } = await encodeRows(x, this.#platform);
    const features = featureCount(schema.fields);
    const configuration = this.#configurationFor(features, rows.rows, options);
    let epoch = 0;
    const model = await fitModel({
      schema,
      rows,
      rowsRead: rows.rows,
      platform: this.#platform,
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
      throw new UnlikelyError(
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
    return this.#fitted().manifest.history;
  }

  /** Whether the model can be trusted, and what it finds of injected anomalies. */
  get health(): Health {
    return this.#fitted().manifest.health;
  }

  /** The score of every row, higher for less likely rows: −E[log p(x|z)] in nats, unless another `score` was chosen. */
  async reconstructionProbability(x: Rows): Promise<Scores> {
    const block = await this.#score(x, 'scores');
    return {
      score: block['score'] as Float64Array,
      standardError: block['standard_error'] as Float64Array,
    };
  }

  /**
   * Whether each row is an outlier at level `alpha`: of normal rows at most this share is
   * (split-conformal, on rows kept from training).
   *
   * @param options.alpha In (0, 1), default 0.05.
   * @throws UnlikelyError `calibrate/too-few` where too few rows were kept to promise so little.
   */
  async isOutlier(x: Rows, { alpha = 0.05 }: { alpha?: number } = {}): Promise<boolean[]> {
    const threshold = this.#fittedScorer().calibration().threshold(alpha);
    const { score } = await this.reconstructionProbability(x);
    return Array.from(score, (value) => value > threshold);
  }

  /**
   * What turns scores into p-values and rates into thresholds.
   *
   * @throws UnlikelyError `detect/uncalibrated` where no rows were kept from training.
   */
  get calibration(): ConformalCalibration {
    return this.#fittedScorer().calibration();
  }

  /**
   * A model of the same trained networks with another score, to be disposed of on its own. It is not
   * calibrated.
   *
   * @throws UnlikelyError `detect/configuration` for a score by stored codes where there are none.
   */
  scoredBy(choice: ScoreChoice): this {
    const model = scoredBy(this.#fitted(), choice);
    const make = this.constructor as new (options: object, platform: Platform) => this;
    const other = new make(model.manifest.configuration, this.#platform);
    other.#use(model);
    return other;
  }

  /** What each field has to do with the score of each row, in nats beyond a normal row. */
  async explain(x: Rows): Promise<Attribution[]> {
    const { rows } = await encodeRows(x, this.#platform, this.#fitted().manifest.schema);
    const scorer = await this.#fittedScorer().scorer('details');
    return attribute({
      encoded: rows.data,
      block: await scorer.score(rows.data, rows.rows),
      neutral: this.#fitted().neutral,
      score: (data, count) => scorer.score(data, count),
    });
  }

  /** What the model expects in the place of each row, [rows, fields]; `recordsOf` names categories. */
  async reconstruct(x: Rows): Promise<Matrix> {
    const { expected } = await this.#score(x, 'details');
    const columns = this.#fitted().networks.core.fields.length;
    return { data: Float32Array.from(expected!), rows: rowCountOf(x), columns };
  }

  /** The mean code of each row, [rows, latentSize]. */
  async encode(x: Rows): Promise<Matrix> {
    const { code } = await this.#score(x, 'details');
    const { latentSize } = this.#fitted().manifest.configuration;
    return { data: code as Float32Array, rows: rowCountOf(x), columns: latentSize };
  }

  /** Codes [rows, latentSize] → the mean of what the decoder makes of them, in the units of `x`. */
  async decode(codes: Matrix): Promise<Matrix> {
    const { manifest, networks } = this.#fitted();
    const { latentSize } = manifest.configuration;
    encodeMatrix(codes, latentSize);
    if (codes.data.some(Number.isNaN)) {
      throw new UnlikelyError('detect/input', 'expected codes of finite numbers, got NaN', {
        help: 'Only rows may have missing values, codes may not.',
      });
    }
    const columns = manifest.schema.fields.length;
    if (codes.rows === 0) return { data: new Float32Array(0), rows: 0, columns };
    const runtime = await this.#fittedScorer().runtime();
    const program = writeModel(decodingProgram(fastForm(networks)));
    await using session = await runtime.createSession(program, { threads: 1 });
    const outputs = await session.run({
      code: {
        type: 'float32',
        dimensions: [codes.rows, latentSize],
        data: Float32Array.from(codes.data),
      },
    });
    const data = Float32Array.from(outputs['expected']!.data as Float64Array);
    return { data, rows: codes.rows, columns };
  }

  /** `count` new rows: decoded draws from the prior N(0, I), the same for the same seed. */
  async generate(count: number, { seed = 1 }: { seed?: number } = {}): Promise<Matrix> {
    checkCount('count', count, 0);
    const { latentSize } = this.#fitted().manifest.configuration;
    const stream = new RandomStream(seed, 'generate');
    const data = Float32Array.from({ length: count * latentSize }, () => stream.normal());
    return this.decode({ data, rows: count, columns: latentSize });
  }

  /**
   * `steps` rows on the way from one row to another, both included, on the straight line between
   * their codes. A single step is the first row.
   */
  async interpolate(a: Rows, b: Rows, { steps = 8 }: { steps?: number } = {}): Promise<Matrix> {
    checkCount('steps', steps, 1);
    checkCount('rows of each end', rowCountOf(a), 1, 1);
    checkCount('rows of each end', rowCountOf(b), 1, 1);
    const [from, to] = [await this.encode(a), await this.encode(b)];
    const { columns } = from;
    const data = new Float32Array(steps * columns);
    for (let step = 0; step < steps; step++) {
      const share = steps === 1 ? 0 : step / (steps - 1);
      for (let unit = 0; unit < columns; unit++) {
        data[step * columns + unit] = (1 - share) * from.data[unit]! + share * to.data[unit]!;
      }
    }
    return this.decode({ data, rows: steps, columns });
  }

  /** The mean code of rows that have a trait less that of rows that do not, [1, latentSize]. */
  async attributeVector(withIt: Rows, withoutIt: Rows): Promise<Matrix> {
    checkCount('rows on each side', rowCountOf(withIt), 1);
    checkCount('rows on each side', rowCountOf(withoutIt), 1);
    const [present, absent] = [
      meanRow(await this.encode(withIt)),
      meanRow(await this.encode(withoutIt)),
    ];
    const data = present.map((value, unit) => value - absent[unit]!);
    return { data, rows: 1, columns: data.length };
  }

  /** Rows that `reconstruct`, `decode` or `generate` gave, as records: numbers and names of categories. */
  recordsOf(encoded: Matrix): RowRecord[] {
    const { schema } = this.#fitted().manifest;
    encodeMatrix(encoded, schema.fields.length);
    return decodeRecords(encoded, schema);
  }

  /** Writes the model file, whole or not at all. */
  async save(path: string): Promise<{ bytes: number }> {
    const bytes = await writeModelFile(this.#fitted());
    await writeFileWhole(path, bytes);
    return { bytes: bytes.length };
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`, `model/unreadable`. */
  static async load(path: string, platform: Platform): Promise<VAE> {
    const model = await readModelFile(await readFileWhole(path));
    const vae = new this(model.manifest.configuration, platform);
    const { model: expected } = vae.configuration;
    const { model: found } = model.manifest.configuration;
    if (found !== expected) {
      throw new UnlikelyError(
        'model/foreign',
        `expected a model of kind ${expected}, got ${found}`,
        {
          help: 'Load it with the class that saved it: VAE or Autoencoder.',
        },
      );
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
    this.#scorer = new ModelScorer(model, this.#platform);
  }

  async #score(x: Rows, form: 'scores' | 'details') {
    const { rows } = await encodeRows(x, this.#platform, this.#fitted().manifest.schema);
    const scorer = await this.#fittedScorer().scorer(form);
    return scorer.score(rows.data, rows.rows);
  }

  #checkAlive(): void {
    if (!this.#disposed) return;
    throw new UnlikelyError('detect/disposed', 'this model was disposed of', {
      help: 'Load or train it again.',
    });
  }

  #fitted(): ModelFile {
    this.#checkAlive();
    if (this.#model !== undefined) return this.#model;
    throw new UnlikelyError(
      'detect/not-fitted',
      'expected a trained model, got one that saw no data',
      {
        help: 'Call `await model.fit(x)` or `VAE.load(path)` first.',
      },
    );
  }

  #fittedScorer(): ModelScorer {
    this.#fitted();
    return this.#scorer!;
  }
}

/** @throws UnlikelyError `detect/input`. */
function checkCount(name: string, value: number, least: number, most: number = 2 ** 31): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = least === most ? `${least}` : `a whole number from ${least}`;
  throw new UnlikelyError('detect/input', `expected the ${name} to be ${range}, got ${value}`, {
    help: 'Check the arguments of the call.',
  });
}

function meanRow({ data, rows, columns }: Matrix): Float32Array {
  const mean = new Float32Array(columns);
  for (let index = 0; index < data.length; index++) mean[index % columns]! += data[index]! / rows;
  return mean;
}
