import type { Table } from '@unlikely/data/source';
import { orAborted, signalOf, untilAborted } from './abort.ts';
import { readModelBytes } from './artifact/read-model-bytes.ts';
import { readModelFile, writeModelFile } from './artifact/model-file.ts';
import type { Manifest } from './artifact/manifest.ts';
import { tableFormat } from './artifact/table-format.ts';
import type { ModelFile } from './artifact/table-format.ts';
import { featureCount } from './column/feature.ts';
import type { EncodedRows } from './column/feature.ts';
import { completeConfiguration } from './check-configuration.ts';
import { findSuspects, measureContamination } from './contamination/contamination.ts';
import type { Suspect } from './contamination/contamination.ts';
import type { EvaluateOptions, Evaluation } from './evaluate/evaluation.ts';
import { explainRows } from './explain/explain-rows.ts';
import { explainTable } from './explain/explain-table.ts';
import type { Explanation } from './explain/explanation.ts';
import type { DenoiseLimits } from './generate/denoise-rows.ts';
import { denoiseTable, reconstructTable } from './generate/restore-table.ts';
import type { DenoisedBatch, ReconstructedBatch, RowOptions } from './generate/row-batch.ts';
import { TableLatent } from './generate/table-latent.ts';
import { recordsOf, valueColumns } from './generate/value-columns.ts';
import type { ValueColumn } from './generate/value-columns.ts';
import { networkSizes } from './network/network-sizes.ts';
import { rowHashes } from './known/row-hashes.ts';
import { filesOf } from './platform.ts';
import type { Platform } from './platform.ts';
import type { RowRecord } from './rows.ts';
import { ModelScorer } from './score/model-scorer.ts';
import type { ScoreOptions } from './score/score-options.ts';
import { scoredBatch } from './score/scored-batch.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import { trainingRows } from './train/training-rows.ts';
import { configurationOf, continuedConfiguration } from './train/train-options.ts';
import type { TrainOptions } from './train/train-options.ts';

/** Rows that may wait to be scored. */
const readAheadBytes = 16e6;

const defaultMaximumTrainingRows = 500_000;

/** Finds rows of a table that a model of its normal rows holds for unlikely, and makes new ones. */
export class Detector implements AsyncDisposable {
  #model: ModelFile;
  readonly #platform: Platform;
  readonly #scorer: ModelScorer;
  /** New rows, codes of rows, and what the decoder makes of codes. */
  readonly latent: TableLatent;

  /** @param scorer One that was made for the same networks before. */
  private constructor(
    model: ModelFile,
    platform: Platform,
    scorer: ModelScorer = new ModelScorer(model, platform),
  ) {
    this.#model = model;
    this.#platform = platform;
    this.#scorer = scorer;
    this.latent = new TableLatent(model, scorer, {
      read: () => this.manifest.attributes ?? {},
      write: (attributes) => {
        this.#model = { ...this.#model, manifest: { ...this.manifest, attributes } };
      },
    });
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): Manifest {
    return this.#model.manifest;
  }

  /**
   * Learns the normal rows of a table.
   *
   * @throws UnlikelyError `detect/configuration`, `detect/normal-values`, `detect/too-few-rows`,
   *   `detect/no-fields`, `detect/aborted`, `detect/not-finite`, `model/checkpoint`, and those of
   *   reading the table.
   */
  static async train(table: Table, options: TrainOptions, platform: Platform): Promise<Detector> {
    const chosen = configurationOf(options);
    // What was chosen wrongly is said before the table is read.
    completeConfiguration(chosen);
    const { onEvent, label } = options;
    onEvent?.({ kind: 'phase', phase: 'reading' });
    const { rows, normal } = await trainingRows(table, options);
    const start = options.from === undefined ? undefined : options.from.#model;
    const schema =
      start === undefined
        ? await rows.inferSchema({
            ignore: [...(options.ignore ?? []), ...(label === undefined ? [] : [label])],
            ...(options.kinds === undefined ? {} : { kinds: options.kinds }),
          })
        : start.manifest.schema;
    if (start !== undefined) await rows.match(schema);
    onEvent?.({ kind: 'schema', schema, fields: schema.fields });
    const configuration = completeConfiguration(
      start === undefined
        ? { ...networkSizes(featureCount(schema.fields)), ...chosen }
        : continuedConfiguration(start.manifest.configuration, chosen),
    );
    const most = options.maximumTrainingRows ?? defaultMaximumTrainingRows;
    const sample = await orAborted(options, 'training', () =>
      rows.sample(schema, most, configuration.seed, signalOf(options)),
    );
    // What trains and what compares is not needed to score.
    const { fitModel } = await import('./train/fit-model.ts');
    const model = await fitModel({
      schema,
      rows: sample,
      rowsRead: start === undefined ? schema.rows : await rows.rowCount(),
      ...(start === undefined ? {} : { start }),
      ...(label === undefined ? {} : { label: { column: label, normal } }),
      platform,
      options: { ...options, configuration },
    });
    const { health } = model.manifest;
    for (const message of health.verdict === 'good' ? [] : health.findings) {
      const help = 'See the health of the model in `unlikely inspect`.';
      onEvent?.({ kind: 'warning', code: `health/${health.verdict}`, message, help });
    }
    const detector = new Detector(model, platform);
    if (options.contaminated !== true) return detector;
    onEvent?.({ kind: 'phase', phase: 'suspects' });
    const contamination = await measureContamination(detector, table, options.signal);
    const manifest = { ...model.manifest, contamination };
    return new Detector({ ...model, manifest }, platform, detector.#scorer);
  }

  /** @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async load(path: string, platform: Platform): Promise<Detector> {
    return Detector.fromBytes(await readModelBytes(path, filesOf(platform, path)), platform);
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async fromBytes(bytes: Uint8Array, platform: Platform): Promise<Detector> {
    return new Detector(await readModelFile(tableFormat, bytes), platform);
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return writeModelFile(tableFormat, this.#model);
  }

  /** Writes the model file, whole or not at all. */
  async save(path: string): Promise<{ bytes: number }> {
    const bytes = await this.toBytes();
    await filesOf(this.#platform, path).write(path, bytes);
    return { bytes: bytes.length };
  }

  /**
   * Scores the rows of a table, in its order and with bounded memory.
   *
   * @throws UnlikelyError `data/missing-column`, `data/retyped-column` where the table is not of the
   *   model's schema, and those of reading it.
   */
  async *score(table: Table, options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    const { schema } = this.manifest;
    const { members, samples } = this.manifest.configuration;
    const { fast = false } = options;
    const hasError = !fast && members * Math.max(1, samples) > 1;
    const calibration = this.calibrated ? this.#scorer.calibration(fast) : undefined;
    // The workers start while the first rows are read.
    const scorer = options.details
      ? this.#scorer.scorer('details', fast)
      : this.#scorer.scorer('scores', fast);
    scorer.catch(() => undefined);
    await table.match(schema);
    const batches = table.batches(schema, {
      ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
      ...(options.labels === undefined ? {} : { labels: options.labels }),
      ...signalOf(options),
    });
    // Further batches are read while the workers score the first.
    const waiting: Promise<ScoredBatch>[] = [];
    const rowBytes = 8 * schema.fields.length;
    const salt = options.hashes === true ? this.manifest.knownRows?.salt : undefined;
    for await (const batch of untilAborted(batches, 'scoring', options)) {
      const encoded = options.details
        ? batch.data.slice(0, batch.rows * schema.fields.length)
        : undefined;
      const hashes =
        salt === undefined
          ? undefined
          : rowHashes(batch.data.subarray(0, batch.rows * schema.fields.length), batch.rows, salt);
      const running = scorer
        .then((ready) => ready.run({ rows: batch.data }, batch.rows, options.signal))
        .then((block) => scoredBatch(batch, block, { calibration, hasError, encoded }))
        .then((scored) => (hashes === undefined ? scored : { ...scored, hashes }));
      // An error is seen at the `await` below; until then it must not count as unhandled.
      running.catch(() => undefined);
      waiting.push(running);
      const most = Math.max(2, Math.min(8, readAheadBytes / (batch.rows * rowBytes)));
      if (waiting.length >= most) yield await waiting.shift()!;
    }
    for (const batch of waiting) yield await batch;
  }

  /** Whether rows were kept from training to calibrate with. */
  get calibrated(): boolean {
    return this.manifest.rows.calibration > 0;
  }

  /**
   * The score above which a row is flagged, so that of normal rows at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few` where too few rows were kept to promise so little,
   *   `detect/uncalibrated` where none were.
   */
  threshold(falsePositiveRate: number, { fast = false }: { fast?: boolean } = {}): number {
    return this.#scorer.calibration(fast).threshold(falsePositiveRate);
  }

  /**
   * The score above which rows of a whole batch, with these scores, are flagged: of them at most this
   * share is expected to be normal (Benjamini & Hochberg 1995); Infinity where none can be flagged.
   *
   * @throws UnlikelyError `calibrate/too-few` where too few rows were kept to promise so little,
   *   `detect/uncalibrated` where none were.
   */
  discoveryThreshold(
    scores: Float64Array,
    falseDiscoveryRate: number,
    { fast = false }: { fast?: boolean } = {},
  ): number {
    return this.#scorer.calibration(fast).discoveryThreshold(scores, falseDiscoveryRate);
  }

  /**
   * Why some rows, by their 0-based numbers, got their scores.
   *
   * @throws UnlikelyError `detect/input` for a row that the table does not have.
   */
  explain(table: Table, rowNumbers: readonly number[]): Promise<Explanation[]> {
    const batches = this.score(table, { details: true });
    return explainTable(table, rowNumbers, batches, (batch, indices, records) =>
      this.explanations(batch, indices, records),
    );
  }

  /**
   * The explanations of some rows of a batch that was scored with details. It takes up to 24 further
   * scores a row; see `explain/attribution.ts`.
   *
   * @param indices Of the rows within the batch.
   * @param records The same rows as they stand in the table.
   * @param options.fast As the batch was scored.
   */
  async explanations(
    batch: ScoredBatch,
    indices: readonly number[],
    records: readonly Record<string, unknown>[],
    { fast = false }: { fast?: boolean } = {},
  ): Promise<Explanation[]> {
    const scorer = await this.#scorer.scorer('details', fast);
    return explainRows(this.#model, scorer, { batch, indices, records });
  }

  /** What the whole model, all members and latent points, expects in the place of each row. */
  reconstruct(table: Table, options: RowOptions = {}): AsyncGenerator<ReconstructedBatch> {
    return reconstructTable(this.#model, this.#scorer, table, options);
  }

  /** Missing and implausible cells replaced by what the model expects; see `denoiseRows`. */
  denoise(table: Table, options: RowOptions & DenoiseLimits = {}): AsyncGenerator<DenoisedBatch> {
    return denoiseTable(this.#model, this.#scorer, table, options);
  }

  /** Rows in the user's units, as columns of the table; without rows still their names and types. */
  columnsOf(batch: EncodedRows): readonly ValueColumn[] {
    return valueColumns(this.manifest.schema, batch);
  }

  /** Rows in the user's units, as records. */
  recordsOf(batch: EncodedRows): RowRecord[] {
    return recordsOf(this.manifest.schema, batch);
  }

  /**
   * The training rows that are least likely to be normal, by falling score: at most `count` of those
   * that the label, if any, called normal. `table` is that of the training.
   */
  suspects(table: Table, count: number, signal?: AbortSignal): Promise<Suspect[]> {
    return findSuspects(this, table, count, signal);
  }

  /** Compares the scores with labels, beside trivial baselines. */
  async evaluate(table: Table, options: EvaluateOptions): Promise<Evaluation> {
    const { evaluateDetector } = await import('./evaluate/evaluate-detector.ts');
    return evaluateDetector(this, table, options, this.#platform);
  }

  async dispose(): Promise<void> {
    await this.#scorer.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
