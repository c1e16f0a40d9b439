import type { DataRecord } from '@unlikely/data/memory';
import type {
  Detector as PortableDetector,
  Attribute,
  CodeBatch,
  DataRecords,
  DenoisedBatch,
  DenoiseLimits,
  EvaluateOptions,
  Evaluation,
  Explanation,
  GenerateOptions,
  Matrix,
  OneRecordOptions,
  PathKind,
  Platform,
  ReconstructedBatch,
  RecordBatchesOptions,
  RecordsOptions,
  RowBatch,
  RowOptions,
  RowRecord,
  ScoredBatch,
  ScoredRecord,
  ScoreOptions,
  Suspect,
  TrainOptions,
  Traversal,
  TraversalOptions,
} from '@unlikely/detect';
import { nodePlatform } from '../platform.ts';
import type { TableReportOptions } from '../report/measured-report.ts';
import { BoundDetector } from './bound-detector.ts';
import { deliverReport } from './deliver-report.ts';
import { rowsOf, thresholdOf } from './prediction.ts';
import type { PredictOptions, Prediction } from './prediction.ts';
import { tableName, withRows, withTable } from './table-input.ts';
import type { TableInput } from './table-input.ts';

/** What a report is about; `source` is by default the input's path. */
export interface DetectorReportOptions extends Partial<TableReportOptions> {}

/** Finds rows that a model of normal rows holds for unlikely: `@unlikely/detect` on files, on Node. */
export class Detector extends BoundDetector<PortableDetector> {
  /**
   * Learns the normal rows of a table.
   *
   * @throws UnlikelyError with the codes of reading (`data/…`) and of training (`detect/…`).
   */
  static async train(
    input: TableInput,
    options: TrainOptions = {},
    platform: Platform = nodePlatform(options),
  ): Promise<Detector> {
    return withTable(
      input,
      async (table) => new Detector(await (await portable()).train(table, options, platform)),
    );
  }

  /**
   * Reads a model file; what is in it is checked, and nothing of it is executed.
   *
   * @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async load(path: string, platform: Platform = nodePlatform()): Promise<Detector> {
    return new Detector(await (await portable()).load(path, platform));
  }

  /**
   * The model of the bytes of a file, checked as by `load`.
   *
   * @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`.
   */
  static async fromBytes(
    bytes: Uint8Array,
    platform: Platform = nodePlatform(),
  ): Promise<Detector> {
    return new Detector(await (await portable()).fromBytes(bytes, platform));
  }

  /** Scores the rows in their order, with bounded memory. Higher is less likely. */
  async *score(input: TableInput, options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    yield* withRows(input, (table) => this.detector.score(table, options));
  }

  /**
   * Scores the rows one by one, each with whether it is an anomaly: for programs that handle a row at a
   * time. `score` gives the same numbers in arrays, a batch at a time, and costs less.
   *
   * @throws UnlikelyError `detect/uncalibrated` without calibration and without a threshold,
   *   `calibrate/too-few` where too few rows were kept to promise the rate, and those of `score`.
   */
  async *predict(input: TableInput, options: PredictOptions = {}): AsyncGenerator<Prediction> {
    const threshold = thresholdOf(this.detector, options);
    for await (const batch of this.score(input, options)) yield* rowsOf(batch, threshold);
  }

  /**
   * Scores one record, a plain object, to the bit as a row of a file. Concurrent calls are scored together.
   *
   * @throws UnlikelyError `data/missing-column` without a key whose column always had a value (null says that
   *   there is none), `data/retyped-column`, `detect/uncalibrated`, `calibrate/too-few`.
   */
  scoreRecord(record: DataRecord, options?: OneRecordOptions): Promise<ScoredRecord> {
    return this.detector.scoreRecord(record, options);
  }

  /** The same of many, in order: of an iterable a batch at a time, of an asynchronous source as they come. */
  scoreRecords(source: DataRecords, options?: RecordsOptions): AsyncGenerator<ScoredRecord> {
    return this.detector.scoreRecords(source, options);
  }

  /** The same in typed arrays, a batch of `batchRows` (default 256) records at a time. */
  scoreRecordBatches(
    source: DataRecords,
    options?: RecordBatchesOptions,
  ): AsyncGenerator<ScoredBatch> {
    return this.detector.scoreRecordBatches(source, options);
  }

  /** Why a record gets its score; its row is 0. */
  explainRecord(record: DataRecord): Promise<Explanation> {
    return this.detector.explainRecord(record);
  }

  /**
   * The score above which a row is flagged, so that of normal rows at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  threshold(falsePositiveRate: number, options: { fast?: boolean } = {}): number {
    return this.detector.threshold(falsePositiveRate, options);
  }

  /**
   * The score above which rows of a whole batch are flagged, so that of the flagged ones at most this
   * share is expected to be normal; Infinity where none can be flagged.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  discoveryThreshold(
    scores: Float64Array,
    falseDiscoveryRate: number,
    options: { fast?: boolean } = {},
  ): number {
    return this.detector.discoveryThreshold(scores, falseDiscoveryRate, options);
  }

  /** Why some rows, by their numbers from 0, got their scores. */
  explain(
    input: TableInput,
    rowNumbers: readonly number[],
    options: Pick<ScoreOptions, 'signal'> = {},
  ): Promise<readonly Explanation[]> {
    return withTable(input, (table) => this.detector.explain(table, rowNumbers, options));
  }

  /** The training rows that are least likely to be normal, by falling score. */
  suspects(input: TableInput, count: number): Promise<Suspect[]> {
    return withTable(input, (table) => this.detector.suspects(table, count));
  }

  /** Compares the scores with labels, beside simple methods. */
  evaluate(input: TableInput, options: EvaluateOptions): Promise<Evaluation> {
    return withTable(input, (table) => this.detector.evaluate(table, options));
  }

  /**
   * A report of the rows as one HTML page that needs no network: what is flagged and why, the scores, a
   * map of the codes, the health of the model, and with a label what the scores are worth.
   *
   * @param output A path, written whole or not at all; or `'string'`, which gives the page back.
   * @throws UnlikelyError `data/not-writable`, and those of `score` and `evaluate`.
   */
  report(input: TableInput, output: 'string', options?: DetectorReportOptions): Promise<string>;
  report(input: TableInput, output: string, options?: DetectorReportOptions): Promise<void>;
  async report(
    input: TableInput,
    output: string,
    options: DetectorReportOptions = {},
  ): Promise<string | void> {
    const { measuredReport } = await import('../report/measured-report.ts');
    const named = { source: tableName(input), ...options };
    const { data } = await withTable(input, (table) => measuredReport(this.detector, table, named));
    return deliverReport(output, data);
  }

  /** New rows in batches; `recordsOf` gives them in the units of the table. */
  generate(count: number, options: GenerateOptions = {}): AsyncGenerator<RowBatch> {
    return this.detector.latent.generate(count, options);
  }

  /** What the model expects in the place of each row, with 90 % intervals. */
  reconstruct(input: TableInput, options: RowOptions = {}): AsyncGenerator<ReconstructedBatch> {
    return withRows(input, (table) => this.detector.reconstruct(table, options));
  }

  /** The mean latent code of each row. */
  encode(input: TableInput, options: RowOptions = {}): AsyncGenerator<CodeBatch> {
    return withRows(input, (table) => this.detector.latent.encode(table, options));
  }

  /** The rows that the decoder expects for codes [rows, latentSize]. */
  decode(codes: Matrix): Promise<RowBatch> {
    return this.detector.latent.decode(codes);
  }

  /** `steps` rows on the way from one row to another, by their numbers from 0. */
  interpolate(
    input: TableInput,
    rows: readonly [number, number],
    options: { readonly steps?: number; readonly path?: PathKind } = {},
  ): Promise<RowBatch> {
    return withTable(input, (table) => this.detector.latent.interpolate(table, rows, options));
  }

  /** One latent unit at a time over a range, the others as in a row, or 0 where none is named. */
  traverse(
    options: TraversalOptions & {
      readonly from?: { readonly input: TableInput; readonly row: number };
    } = {},
  ): Promise<RowBatch & Pick<Traversal, 'unit' | 'value'>> {
    const { from, ...others } = options;
    if (from === undefined) return this.detector.latent.traverse(others);
    return withTable(from.input, (table) =>
      this.detector.latent.traverse({ ...others, from: { table, row: from.row } }),
    );
  }

  /** The direction in the latent space from rows without a trait to rows with it. */
  attributeVector(
    withIt: TableInput,
    withoutIt: TableInput,
    options: RowOptions = {},
  ): Promise<Attribute> {
    return withTable(withIt, (present) =>
      withTable(withoutIt, (absent) =>
        this.detector.latent.attributeVector(present, absent, options),
      ),
    );
  }

  /** Rows with `amount` (default 1) of an attribute of the model, or of a vector, added to their codes. */
  transfer(
    input: TableInput,
    attribute: string | ArrayLike<number>,
    options: RowOptions & { readonly amount?: number } = {},
  ): AsyncGenerator<RowBatch> {
    return withRows(input, (table) => this.detector.latent.transfer(table, attribute, options));
  }

  /** Missing and implausible cells replaced by what the model expects beside the others. */
  denoise(
    input: TableInput,
    options: RowOptions & DenoiseLimits = {},
  ): AsyncGenerator<DenoisedBatch> {
    return withRows(input, (table) => this.detector.denoise(table, options));
  }

  /** Rows of a batch in the units of the table: numbers, names of categories; null where missing. */
  recordsOf(batch: RowBatch): RowRecord[] {
    return this.detector.recordsOf(batch);
  }
}

/** The detector that runs anywhere, loaded with its first use. */
async function portable(): Promise<typeof PortableDetector> {
  return (await import('@unlikely/detect')).Detector;
}
