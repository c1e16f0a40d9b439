import { countUnseen, recordEncoder } from '@unlikely/data/memory';
import type { DataRecord, RecordEncoder } from '@unlikely/data/memory';
import { abortedError } from '../../../abort.ts';
import type { ModelFile } from '../model.ts';
import { promisableRate } from '../../../calibrate/promisable-rate.ts';
import { explainRows } from '../explain/explain-rows.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { ModelScorer } from '../scorer.ts';
import { scoredBatch } from '../score/scored-batch.ts';
import type { ScoredBatch } from '../score/scored-batch.ts';
import { checkRecord, checkRecordOptions, checkRecords } from './check-records.ts';
import { Gathering } from './gathering.ts';
import type { BatchRow } from './gathering.ts';
import { isIterable, iterate, mapInOrder } from './map-in-order.ts';
import type {
  DataRecords,
  OneRecordOptions,
  RecordOptions,
  RecordsOptions,
  ScoredRecord,
} from './record-options.ts';

const defaultBatchRows = 256;
/** So few rows are scored fastest in the smallest blocks. */
const fewRows = 32;
/** Records of an asynchronous source that are under way: some batches. */
const mostUnderWay = 1024;

/** Scores records in memory: they are encoded here, and no file and no database is touched. */
export class RecordScorer {
  readonly #model: ModelFile;
  readonly #scorer: ModelScorer;
  readonly #encoder: RecordEncoder;
  readonly #gatherings = new Map<boolean, Promise<Gathering>>();

  constructor(model: ModelFile, scorer: ModelScorer) {
    this.#model = model;
    this.#scorer = scorer;
    this.#encoder = recordEncoder(model.manifest.schema);
  }

  async scoreRecord(record: DataRecord, options: OneRecordOptions = {}): Promise<ScoredRecord> {
    checkRecordOptions(options);
    const threshold = this.#threshold(options);
    const row = this.#encode([record], options.row ?? 0);
    const gathering = await this.#gathering(options.fast === true);
    const scored = scoredRecord(await gathering.score(row), threshold);
    return this.#withReasons(scored, record, options);
  }

  async *scoreRecords(
    source: DataRecords,
    options: RecordsOptions = {},
  ): AsyncGenerator<ScoredRecord> {
    checkRecords(source);
    checkRecordOptions(options);
    const threshold = this.#threshold(options);
    if (!isIterable(source)) {
      const score = (record: DataRecord): Promise<ScoredRecord> => {
        if (options.signal?.aborted) throw abortedError(options.signal, 'scoring was stopped');
        return this.scoreRecord(record, options);
      };
      const { signal } = options;
      yield* mapInOrder(iterate(source), async (record) => score(record), mostUnderWay, signal);
      return;
    }
    for await (const { batch, records } of this.#batches(source, options)) {
      for (let index = 0; index < batch.rows; index++) {
        const scored = scoredRecord({ batch, index }, threshold);
        yield this.#withReasons(scored, records[index]!, options);
      }
    }
  }

  async *scoreBatches(
    source: DataRecords,
    options: RecordsOptions = {},
  ): AsyncGenerator<ScoredBatch> {
    checkRecords(source);
    checkRecordOptions(options);
    for await (const { batch } of this.#batches(source, options)) yield batch;
  }

  async explainRecord(record: DataRecord, fast = false): Promise<Explanation> {
    const row = this.#encode([record], 0);
    const scorer = await this.#scorer.scorer('details', fast, 'few');
    const block = await scorer.run({ rows: row }, 1);
    const batch = this.#batch(block, row, 0, 1, fast, row);
    const [explanation] = await explainRows(this.#model, scorer, {
      batch,
      indices: [0],
      records: [record],
    });
    return explanation!;
  }

  /** Records in batches, the next of which is encoded and under way while one is handed out. */
  async *#batches(
    source: DataRecords,
    { batchRows = defaultBatchRows, fast = false, signal }: RecordsOptions,
  ): AsyncGenerator<{ batch: ScoredBatch; records: readonly DataRecord[] }> {
    let firstRow = 0;
    const score = async (
      records: readonly DataRecord[],
    ): Promise<{ batch: ScoredBatch; records: readonly DataRecord[] }> => {
      if (signal?.aborted) throw abortedError(signal, 'scoring was stopped');
      const first = firstRow;
      firstRow += records.length;
      const rows = this.#encode(records, first);
      return { batch: await this.#run(rows, records.length, fast, first, signal), records };
    };
    yield* mapInOrder(chunks(source, batchRows), score, 2, signal);
  }

  async #run(
    rows: Float64Array,
    count: number,
    fast: boolean,
    firstRow: number,
    signal?: AbortSignal,
  ): Promise<ScoredBatch> {
    const scorer = await this.#scorer.scorer('scores', fast, count <= fewRows ? 'few' : 'many');
    const block = await scorer.run({ rows }, count, signal);
    return this.#batch(block, rows, firstRow, count, fast, undefined);
  }

  #batch(
    block: Parameters<typeof scoredBatch>[1],
    rows: Float64Array,
    firstRow: number,
    count: number,
    fast: boolean,
    encoded: Float64Array | undefined,
  ): ScoredBatch {
    const { schema, configuration, rows: kept } = this.#model.manifest;
    return scoredBatch({ firstRow, rows: count, unseen: countUnseen(rows, schema.fields) }, block, {
      calibration: kept.calibration > 0 ? this.#scorer.calibration(fast) : undefined,
      hasError: !fast && configuration.members * Math.max(1, configuration.samples) > 1,
      encoded,
    });
  }

  #encode(records: readonly DataRecord[], first: number): Float64Array {
    const { width } = this.#encoder;
    const rows = new Float64Array(records.length * width);
    records.forEach((record, index) => {
      checkRecord(record);
      this.#encoder.encode(record, rows, index * width, first + index);
    });
    return rows;
  }

  #gathering(fast: boolean): Promise<Gathering> {
    const known = this.#gatherings.get(fast);
    if (known !== undefined) return known;
    const made = this.#scorer.programs
      .runtime()
      .then(
        ({ concurrency }) =>
          new Gathering((rows, count) => this.#run(rows, count, fast, 0), concurrency),
      );
    this.#gatherings.set(fast, made);
    made.catch(() => this.#gatherings.delete(fast));
    return made;
  }

  #threshold({ threshold, falsePositiveRate, fast = false }: RecordOptions): number {
    if (threshold !== undefined) return threshold;
    const calibration = this.#scorer.calibration(fast);
    return calibration.threshold(falsePositiveRate ?? promisableRate(this.#model)!);
  }

  #withReasons(
    scored: ScoredRecord,
    record: DataRecord,
    { reasons = 0, fast = false }: RecordOptions,
  ): ScoredRecord | Promise<ScoredRecord> {
    if (!scored.isAnomaly || reasons === 0) return scored;
    return this.explainRecord(record, fast).then(({ features }) => ({
      ...scored,
      reasons: features.slice(0, reasons),
    }));
  }
}

function scoredRecord({ batch, index }: BatchRow, threshold: number): ScoredRecord {
  const score = batch.score[index]!;
  return {
    score,
    standardError: batch.standardError[index]!,
    pValue: batch.pValue[index]!,
    isAnomaly: score > threshold,
    reasons: [],
  };
}

async function* chunks(source: DataRecords, size: number): AsyncGenerator<readonly DataRecord[]> {
  let chunk: DataRecord[] = [];
  for await (const record of isIterable(source) ? source : iterate(source)) {
    chunk.push(record);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
