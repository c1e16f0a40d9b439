import type { DataRecord } from '@unlikely/data/memory';
import type { Table } from '@unlikely/data/source';
import { orAborted, signalOf } from '../../abort.ts';
import { readModelBytes } from '../../artifact/read-model-bytes.ts';
import { readModelFile } from '../../artifact/model-file.ts';
import { tableFormat } from './artifact/format.ts';
import type { ModelFile } from './model.ts';
import { featureCount } from './column/feature.ts';
import type { EncodedRows } from './column/feature.ts';
import { Detector } from '../../detector.ts';
import type { Modality } from '../modality.ts';
import type { TableTypes } from './types.ts';
import { completeConfiguration } from './check-configuration.ts';
import { findSuspects, measureContamination } from './measure-contamination.ts';
import type { Suspect } from '../../contamination/contamination.ts';
import type { EvaluateOptions, Evaluation } from '../../evaluate/evaluation.ts';
import { explainRows } from './explain/explain-rows.ts';
import { explainTable } from './explain/explain-table.ts';
import type { Explanation } from './explain/explanation.ts';
import type { DenoiseLimits } from './generate/denoise-rows.ts';
import { denoiseTable, reconstructTable } from './generate/restore-table.ts';
import type { RowOptions } from './column/read-rows.ts';
import type { DenoisedBatch, ReconstructedBatch } from './generate/row-batch.ts';
import { recordsOf, valueColumns } from './generate/value-columns.ts';
import { TableLatent } from './generate/latent.ts';
import type { ValueColumn } from './generate/value-columns.ts';
import { networkSizes } from './network/network-sizes.ts';
import { filesOf } from '../../platform.ts';
import type { Abortable } from '../../abort.ts';
import { rowOrderWords } from '../../calibrate/row-order.ts';
import { detectError } from '../../detect-error.ts';
import type { Platform } from '../../platform.ts';
import type {
  DataRecords,
  RecordBatchesOptions,
  OneRecordOptions,
  RecordsOptions,
  ScoredRecord,
} from './records/record-options.ts';
import { RecordScorer } from './records/record-scorer.ts';
import type { RowRecord } from './rows.ts';
import { ModelScorer } from './scorer.ts';
import type { ScoredBatch } from './score/scored-batch.ts';
import { trainingRows } from './train/training-rows.ts';
import { configurationOf, continuedConfiguration } from './train/train-options.ts';
import type { TrainOptions } from './train/train-options.ts';

const defaultMaximumTrainingRows = 500_000;

const table: Modality<TableTypes> = {
  format: tableFormat,
  scoring: (model, platform) => new ModelScorer(model, platform),
  latent: (model, scorer, shelf) => new TableLatent(model, scorer, shelf),
};

/** Finds rows of a table that a model of its normal rows holds for unlikely, and makes new ones. */
export class TableDetector extends Detector<TableTypes> {
  readonly #records: RecordScorer;

  private constructor(model: ModelFile, platform: Platform) {
    super(table, model, platform);
    this.#records = new RecordScorer(model, this.scoring);
  }

  /**
   * Learns the normal rows of a table.
   *
   * @throws UnlikelyError `detect/configuration`, `detect/normal-values`, `detect/too-few-rows`,
   *   `detect/no-fields`, `detect/aborted`, `detect/not-finite`, `model/checkpoint`, and those of
   *   reading the table.
   */
  static async train(
    source: Table,
    options: TrainOptions,
    platform: Platform,
  ): Promise<TableDetector> {
    const chosen = configurationOf(options);
    // What was chosen wrongly is said before the table is read.
    completeConfiguration(chosen);
    const { onEvent, label, ignore } = options;
    if (ignore !== undefined && !Array.isArray(ignore)) {
      throw detectError(
        'detect/input',
        `expected columns to ignore in an array, got ${String(ignore)}`,
        {
          help: "Write `ignore: ['id']`.",
        },
      );
    }
    onEvent?.({ kind: 'phase', phase: 'reading' });
    const { rows, normal } = await trainingRows(source, options);
    const start =
      options.from === undefined
        ? undefined
        : await readModelFile(tableFormat, await options.from.toBytes());
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
    const { fitModel } = await import('./fit.ts');
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
    const order = model.manifest.rowOrder && rowOrderWords(model.manifest.rowOrder);
    if (order !== undefined) {
      onEvent?.({
        kind: 'warning',
        code: 'calibration/order',
        message: `The order of the rows matters: ${order}. Thresholds are raised to that.`,
        help: 'Where their order means nothing, shuffle the rows and train again.',
      });
    }
    const detector = new TableDetector(model, platform);
    if (options.contaminated !== true) return detector;
    onEvent?.({ kind: 'phase', phase: 'suspects' });
    detector.amend({ contamination: await measureContamination(detector, source) });
    return detector;
  }

  /**
   * Reads a model file; what is in it is checked, and nothing of it is executed.
   *
   * @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async load(path: string, platform: Platform): Promise<TableDetector> {
    return TableDetector.fromBytes(await readModelBytes(path, filesOf(platform, path)), platform);
  }

  /**
   * The model of the bytes of a file, checked as by `load`.
   *
   * @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async fromBytes(bytes: Uint8Array, platform: Platform): Promise<TableDetector> {
    return new TableDetector(await readModelFile(tableFormat, bytes), platform);
  }

  /**
   * Why some rows, by their 0-based numbers, got their scores.
   *
   * @throws UnlikelyError `detect/input` for a row that the table does not have, `detect/aborted`.
   */
  async explain(
    table: Table,
    rowNumbers: readonly number[],
    options: Abortable = {},
  ): Promise<Explanation[]> {
    if (!Array.isArray(rowNumbers)) {
      throw detectError(
        'detect/input',
        `expected row numbers in an array, got ${String(rowNumbers)}`,
        {
          help: 'Write [17] for the row 17; rows are counted from 0.',
        },
      );
    }
    const batches = this.score(table, { ...options, details: true });
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
   * @param options `fast` as the batch was scored; default false.
   */
  async explanations(
    batch: ScoredBatch,
    indices: readonly number[],
    records: readonly Record<string, unknown>[],
    { fast = false }: { fast?: boolean } = {},
  ): Promise<Explanation[]> {
    const scorer = await this.scoring.scorer('details', fast);
    return explainRows(this.model, scorer, { batch, indices, records });
  }

  /**
   * Scores one record, to the bit as a row of a table. It is encoded in memory, by the types of the model: no file
   * and no database is touched. Concurrent calls are scored together.
   *
   * @throws UnlikelyError `data/missing-column` for a record without a key whose column had a value in every
   *   training row (null says that there is none), `data/retyped-column` for a value that the column cannot
   *   hold, `detect/uncalibrated` without calibration and without a threshold, `calibrate/too-few`.
   */
  scoreRecord(record: DataRecord, options?: OneRecordOptions): Promise<ScoredRecord> {
    return this.#records.scoreRecord(record, options);
  }

  /**
   * Scores records in their order with bounded memory, as `scoreRecord` does. Of an iterable they are scored a batch
   * at a time; of an asynchronous source each answer comes as soon as it is there, and a fast source waits.
   */
  scoreRecords(source: DataRecords, options?: RecordsOptions): AsyncGenerator<ScoredRecord> {
    return this.#records.scoreRecords(source, options);
  }

  /** The same in typed arrays, a batch of `batchRows` records at a time. */
  scoreRecordBatches(
    source: DataRecords,
    options?: RecordBatchesOptions,
  ): AsyncGenerator<ScoredBatch> {
    return this.#records.scoreBatches(source, options);
  }

  /** Why a record gets its score; its row is 0. Throws as `scoreRecord` does. */
  explainRecord(
    record: DataRecord,
    { fast = false }: { fast?: boolean } = {},
  ): Promise<Explanation> {
    return this.#records.explainRecord(record, fast);
  }

  /** What the whole model, all members and latent points, expects in the place of each row. */
  reconstruct(table: Table, options: RowOptions = {}): AsyncGenerator<ReconstructedBatch> {
    return reconstructTable(this.model, this.scoring, table, options);
  }

  /** Missing and implausible cells replaced by what the model expects; see `denoiseRows`. */
  denoise(table: Table, options: RowOptions & DenoiseLimits = {}): AsyncGenerator<DenoisedBatch> {
    return denoiseTable(this.model, this.scoring, table, options);
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
    if (typeof (options as Partial<EvaluateOptions> | undefined)?.label !== 'string') {
      throw detectError('detect/input', 'expected the column of the labels, got none', {
        help: "Name it: `evaluate(input, { label: 'fraud' })`.",
      });
    }
    const { evaluateTable } = await import('./evaluate.ts');
    return evaluateTable(this, this.platform, table, options);
  }
}
