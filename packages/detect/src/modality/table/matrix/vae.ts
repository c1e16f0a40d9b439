import { signalOf } from '../../../abort.ts';
import { detectError } from '../../../detect-error.ts';
import type { History } from '../../../artifact/manifest.ts';
import { readModelFile, writeModelFile } from '../../../artifact/model-file.ts';
import { tableFormat } from '../artifact/format.ts';
import type { ModelFile } from '../model.ts';
import { readModelBytes } from '../../../artifact/read-model-bytes.ts';
import { requireModelKind } from './require-model-kind.ts';
import { featureCount } from '../column/feature.ts';
import type { EncodedRows } from '../column/feature.ts';
import { completeConfiguration } from '../check-configuration.ts';
import type { ConformalCalibration } from '../../../calibrate/conformal-calibration.ts';
import type { Configuration } from '../configuration.ts';
import { attribute } from '../score/attribution.ts';
import type { Attribution } from '../score/attribution.ts';
import { denoiseRows } from '../generate/denoise-rows.ts';
import type { DenoiseLimits } from '../generate/denoise-rows.ts';
import { generateRows } from '../generate/generate-rows.ts';
import type { GenerateOptions } from '../generate/generate-rows.ts';
import { RowCodes } from '../generate/codes.ts';
import { recordsOf } from '../generate/value-columns.ts';
import { matrixConfiguration, withEpochs } from './fit-matrix-options.ts';
import type { FitMatrixOptions } from './fit-matrix-options.ts';
import { Latent } from '../../../latent/latent.ts';
import type { InterpolationOptions } from '../../../latent/latent.ts';
import type { TraversalOptions } from '../../../latent/traversal.ts';
import type { Matrix } from '../../../matrix.ts';
import { encodeMatrix } from '../column/matrix-schema.ts';
import type { Health } from '../health.ts';
import { filesOf } from '../../../platform.ts';
import type { Platform } from '../../../platform.ts';
import { requireAlive } from '../../../require-alive.ts';
import { encodeRows, rowCountOf } from '../rows.ts';
import type { RowRecord, Rows } from '../rows.ts';
import { ModelScorer } from '../scorer.ts';
import type { ScoringForms } from '../scorer.ts';
import type { Scores } from '../score/scores.ts';
import { scoredBy, type ScoreChoice } from '../scored-by.ts';

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
    const usual = { score: 'reconstruction-probability' } as const;
    this.#chosen = { ...usual, ...options, ...this.fixedOptions() };
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
    requireAlive(this.#disposed);
    const { fitModel } = await import('../fit.ts');
    const { schema, rows } = await encodeRows(x, this.#platform);
    const { falsePositiveRate } = options;
    const features = featureCount(schema.fields);
    const model = await fitModel({
      schema,
      rows,
      rowsRead: rows.rows,
      platform: this.#platform,
      options: {
        configuration: matrixConfiguration(this.#chosen, features, rows.rows, options),
        ...signalOf(options),
        ...(falsePositiveRate === undefined ? {} : { falsePositiveRate }),
        onEvent: withEpochs(options),
      },
    });
    await this.#scorer?.dispose();
    this.#use(model);
    return model.manifest.history;
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
    const { score, standard_error: standardError } = await this.#scored(x, 'scores');
    return { score, standardError };
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
    const { calibration } = this;
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
    const { data, rows } = await this.#encoded(x);
    const scorer = await this.#fittedScorer().scorer('details');
    const score = (some: Float64Array, count: number) => scorer.run({ rows: some }, count);
    const { neutral } = this.#fitted();
    return attribute({ encoded: data, block: await score(data, rows), neutral, score });
  }

  /** Writes the model file, whole or not at all. */
  async save(path: string): Promise<{ bytes: number }> {
    const bytes = await writeModelFile(tableFormat, this.#fitted());
    await filesOf(this.#platform, path).write(path, bytes);
    return { bytes: bytes.length };
  }

  /** Reads a model file and checks it. Throws `model/corrupt`, `model/too-new`, `model/foreign`, `model/unreadable`. */
  static async load(path: string, platform: Platform): Promise<VAE> {
    const bytes = await readModelBytes(path, filesOf(platform, path));
    const model = await readModelFile(tableFormat, bytes);
    const vae = new this(model.manifest.configuration, platform);
    requireModelKind(model.manifest.configuration, vae.configuration);
    vae.#use(model);
    return vae;
  }

  /** What the model expects in the place of each row, [rows, fields]; `recordsOf` names categories. */
  async reconstruct(x: Rows): Promise<Matrix> {
    const { expected } = await this.#scored(x, 'details');
    return this.#matrixOf({ data: expected, rows: rowCountOf(x) });
  }

  /** The mean code of each row, [rows, latentSize]. */
  async encode(x: Rows): Promise<Matrix> {
    return this.#latent().encode(await this.#encoded(x));
  }

  /** Codes [rows, latentSize] → the mean of what the decoder makes of them, in the units of `x`. */
  async decode(codes: Matrix): Promise<Matrix> {
    return this.#matrixOf(await this.#latent().decode(codes));
  }

  /** `count` new rows, drawn from what the model learnt; see `GenerateOptions`. The same for the same seed. */
  async generate(count: number, options: GenerateOptions = {}): Promise<Matrix> {
    const batchRows = Math.max(1, count);
    const made = await generateRows(this.#codes(), count, { ...options, batchRows }).next();
    return this.#matrixOf(made.value ?? { data: new Float64Array(0), rows: 0 });
  }

  /** Rows on the way from one row to another, both included: codes between theirs, decoded. */
  async interpolate(a: Rows, b: Rows, options: InterpolationOptions = {}): Promise<Matrix> {
    const ends = [await this.#encoded(a), await this.#encoded(b)] as const;
    return this.#matrixOf(await this.#latent().interpolate(...ends, options));
  }

  /** One latent unit at a time over a range, the others as in one row of `x`, or 0: [units × steps, columns]. */
  async traverse({ x, ...options }: TraversalOptions & { x?: Rows } = {}): Promise<Matrix> {
    const start = x === undefined ? {} : { from: await this.#encoded(x) };
    return this.#matrixOf(await this.#latent().traverse({ ...options, ...start }));
  }

  /** The mean code of rows that have a trait less that of rows that do not, [1, latentSize]. */
  async attributeVector(withIt: Rows, withoutIt: Rows): Promise<Matrix> {
    const sets = [await this.#encoded(withIt), await this.#encoded(withoutIt)] as const;
    const { vector } = await this.#latent().attributeVector(...sets);
    return { data: Float32Array.from(vector), rows: 1, columns: vector.length };
  }

  /** Rows with `amount` of an attribute vector added to their codes, decoded; below 0 it is taken away. */
  async transfer(x: Rows, vector: Matrix, options: { amount?: number } = {}): Promise<Matrix> {
    const rows = await this.#encoded(x);
    return this.#matrixOf(await this.#latent().transfer(rows, vector.data, options));
  }

  /** Missing and implausible values replaced by what the model expects beside the others. */
  async denoise(x: Rows, limits: DenoiseLimits = {}): Promise<Matrix> {
    const [rows, scorer] = [await this.#encoded(x), await this.#fittedScorer().scorer('details')];
    return this.#matrixOf(await denoiseRows(this.#fitted(), scorer, rows, limits));
  }

  /** Rows that `reconstruct`, `decode` or `generate` gave, as records in the units of those of `fit`. */
  recordsOf(encoded: Matrix): RowRecord[] {
    const { schema } = this.#fitted().manifest;
    return recordsOf(schema, encodeMatrix(encoded, schema.fields.length));
  }

  /** Ends the workers; a second call does nothing. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#scorer?.dispose();
  }

  /** As `dispose`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #use(model: ModelFile): void {
    this.#model = model;
    this.#scorer = new ModelScorer(model, this.#platform);
  }

  #fitted(): ModelFile {
    requireAlive(this.#disposed);
    if (this.#model !== undefined) return this.#model;
    throw detectError('detect/not-fitted', 'expected a trained model, got one that saw no data', {
      help: 'Call `await model.fit(x)` or `VAE.load(path)` first.',
    });
  }

  #fittedScorer(): ModelScorer {
    this.#fitted();
    return this.#scorer!;
  }

  #latent(): Latent<EncodedRows> {
    return new Latent(this.#codes());
  }

  #codes(): RowCodes {
    return new RowCodes(this.#fitted(), this.#fittedScorer());
  }

  async #encoded(x: Rows): Promise<EncodedRows> {
    const { rows } = await encodeRows(x, this.#platform, this.#fitted().manifest.schema);
    return rows;
  }

  async #scored<Form extends keyof ScoringForms>(x: Rows, form: Form) {
    const { data, rows } = await this.#encoded(x);
    return (await this.#fittedScorer().scorer(form)).run({ rows: data }, rows);
  }

  #matrixOf({ data, rows }: EncodedRows): Matrix {
    const columns = this.#fitted().manifest.schema.fields.length;
    return { data: Float32Array.from(data), rows, columns };
  }
}
