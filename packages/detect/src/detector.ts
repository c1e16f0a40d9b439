import type { Table } from '@unlikely/data/source';
import { detectError } from './detect-error.ts';
import { orAborted, signalOf, untilAborted } from './abort.ts';
import { readModelBytes } from './artifact/read-model-bytes.ts';
import { readModelFile, writeModelFile } from './artifact/model-file.ts';
import type { ModelFile } from './artifact/model-file.ts';
import { featureCount } from './column/feature.ts';
import { completeConfiguration } from './check-configuration.ts';
import { findSuspects, measureContamination } from './contamination/contamination.ts';
import type { Suspect } from './contamination/contamination.ts';
import { evaluateDetector } from './evaluate/evaluate-detector.ts';
import type { EvaluateOptions, Evaluation } from './evaluate/evaluation.ts';
import { explainRows } from './explain/explain-rows.ts';
import type { Explanation } from './explain/explanation.ts';
import { GenerativeDetector } from './generate/generative-detector.ts';
import { networkSizes } from './network/network-sizes.ts';
import { rowHashes } from './known/row-hashes.ts';
import { filesOf } from './platform.ts';
import type { Platform } from './platform.ts';
import type { ModelScorer } from './score/model-scorer.ts';
import type { ScoreOptions } from './score/score-options.ts';
import { detailsOf } from './score/scored-batch.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import type { ScoringOutputs } from './score/scoring-program.ts';
import { fitModel } from './train/fit-model.ts';
import { trainingRows } from './train/training-rows.ts';
import { configurationOf, continuedConfiguration } from './train/train-options.ts';
import type { TrainOptions } from './train/train-options.ts';

/** Rows that may wait to be scored. */
const readAheadBytes = 16e6;

const defaultMaximumTrainingRows = 500_000;

/** Finds rows of a table that a model of its normal rows holds for unlikely, and makes new ones. */
export class Detector extends GenerativeDetector implements AsyncDisposable {
  readonly #platform: Platform;

  private constructor(model: ModelFile, platform: Platform, scorer?: ModelScorer) {
    super(model, platform, scorer);
    this.#platform = platform;
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
    const start = options.from === undefined ? undefined : options.from.model;
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
    return new Detector({ ...model, manifest }, platform, detector.scorer);
  }

  /** @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async load(path: string, platform: Platform): Promise<Detector> {
    return Detector.fromBytes(await readModelBytes(path, filesOf(platform, path)), platform);
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async fromBytes(bytes: Uint8Array, platform: Platform): Promise<Detector> {
    return new Detector(await readModelFile(bytes), platform);
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return writeModelFile(this.model);
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
    // The workers start while the first rows are read.
    const scorer = options.details
      ? this.scorer.scorer('details', options.fast)
      : this.scorer.scorer('scores', options.fast);
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
        .then((block) => this.#scoredBatch(batch, block, options.fast === true, encoded))
        .then((scored) => (hashes === undefined ? scored : { ...scored, hashes }));
      // An error is seen at the `await` below; until then it must not count as unhandled.
      running.catch(() => undefined);
      waiting.push(running);
      const most = Math.max(2, Math.min(8, readAheadBytes / (batch.rows * rowBytes)));
      if (waiting.length >= most) yield await waiting.shift()!;
    }
    for (const batch of waiting) yield await batch;
  }

  #scoredBatch(
    batch: {
      rows: number;
      firstRow: number;
      unseen: Int32Array;
      labels?: readonly (string | null)[];
    },
    block: Pick<ScoringOutputs, 'score' | 'standard_error'>,
    fast: boolean,
    encoded: Float64Array | undefined,
  ): ScoredBatch {
    const { score } = block;
    return {
      firstRow: batch.firstRow,
      rows: batch.rows,
      score,
      standardError: this.#standardErrors(block.standard_error, fast),
      pValue: this.calibrated ? this.scorer.calibration(fast).pValues(score) : score.map(() => 1),
      unseen: batch.unseen,
      ...(batch.labels === undefined ? {} : { labels: batch.labels }),
      ...(encoded === undefined ? {} : { details: detailsOf(block as ScoringOutputs, encoded) }),
    };
  }

  /** One draw has no spread to tell its error by. */
  #standardErrors(errors: Float64Array, fast: boolean): Float64Array {
    const { members, samples } = this.manifest.configuration;
    return fast || members * Math.max(1, samples) === 1 ? errors.fill(NaN) : errors;
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
    return this.scorer.calibration(fast).threshold(falsePositiveRate);
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
    return this.scorer.calibration(fast).discoveryThreshold(scores, falseDiscoveryRate);
  }

  /**
   * Why some rows, by their 0-based numbers, got their scores.
   *
   * @throws UnlikelyError `detect/input` for a row that the table does not have.
   */
  async explain(table: Table, rowNumbers: readonly number[]): Promise<Explanation[]> {
    const wanted = new Map<number, number[]>();
    rowNumbers.forEach((row, index) => wanted.set(row, [...(wanted.get(row) ?? []), index]));
    const records = await table.records(rowNumbers);
    const found: Explanation[] = [];
    let left = rowNumbers.length;
    for await (const batch of this.score(table, { details: true })) {
      const here = Array.from({ length: batch.rows }, (_, index) => index).filter((index) =>
        wanted.has(batch.firstRow + index),
      );
      const positions = here.map((index) => wanted.get(batch.firstRow + index)!);
      const own = positions.map(([position]) => records[position!] ?? {});
      const explanations = await this.explanations(batch, here, own);
      explanations.forEach((explanation, index) => {
        for (const position of positions[index]!) {
          found[position] = explanation;
          left--;
        }
      });
      if (left === 0) break;
    }
    const missing = rowNumbers.find((_, index) => found[index] === undefined);
    if (missing === undefined) return found;
    throw detectError('detect/input', `expected a row of the table, got row ${missing}`, {
      help: 'Rows are counted from 0.',
    });
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
    const scorer = await this.scorer.scorer('details', fast);
    return explainRows(this.model, scorer, { batch, indices, records });
  }

  /**
   * The training rows that are least likely to be normal, by falling score: at most `count` of those
   * that the label, if any, called normal. `table` is that of the training.
   */
  suspects(table: Table, count: number, signal?: AbortSignal): Promise<Suspect[]> {
    return findSuspects(this, table, count, signal);
  }

  /** Compares the scores with labels, beside trivial baselines. */
  evaluate(table: Table, options: EvaluateOptions): Promise<Evaluation> {
    return evaluateDetector(this, table, options, this.#platform);
  }

  async dispose(): Promise<void> {
    await this.scorer.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
