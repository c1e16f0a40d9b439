import { openTable } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import { Detector as PortableDetector } from '@unlikely/detect';
import type {
  EvaluateOptions,
  Evaluation,
  Explanation,
  Manifest,
  Platform,
  ScoredBatch,
  ScoreOptions,
  Suspect,
  TrainOptions,
} from '@unlikely/detect';
import { nodePlatform } from '../platform.ts';

/** A path, a glob or `-` (standard input), opened for the call alone; or a table of the caller's. */
export type TableInput = string | Table;

/** Finds rows that a model of normal rows holds for unlikely: `@unlikely/detect` on files, on Node. */
export class Detector implements AsyncDisposable {
  readonly #detector: PortableDetector;

  private constructor(detector: PortableDetector) {
    this.#detector = detector;
  }

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
      async (table) => new Detector(await PortableDetector.train(table, options, platform)),
    );
  }

  /** @throws UnlikelyError `model/unreadable`, `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async load(path: string, platform: Platform = nodePlatform()): Promise<Detector> {
    return new Detector(await PortableDetector.load(path, platform));
  }

  /** @throws UnlikelyError `model/corrupt`, `model/too-new`, `model/foreign`. */
  static async fromBytes(
    bytes: Uint8Array,
    platform: Platform = nodePlatform(),
  ): Promise<Detector> {
    return new Detector(await PortableDetector.fromBytes(bytes, platform));
  }

  /** Everything about the model but the numbers of its networks. */
  get manifest(): Manifest {
    return this.#detector.manifest;
  }

  /** The bytes of the model file; the same model gives the same bytes. */
  toBytes(): Promise<Uint8Array> {
    return this.#detector.toBytes();
  }

  /** Writes the model file, whole or not at all. */
  save(path: string): Promise<{ bytes: number }> {
    return this.#detector.save(path);
  }

  /** Scores the rows in their order, with bounded memory. Higher is less likely. */
  async *score(input: TableInput, options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    if (typeof input !== 'string') {
      yield* this.#detector.score(input, options);
      return;
    }
    await using table = await openTable(input);
    yield* this.#detector.score(table, options);
  }

  /**
   * The score above which a row is flagged, so that of normal rows at most this share is.
   *
   * @throws UnlikelyError `calibrate/too-few`, `detect/uncalibrated`.
   */
  threshold(falsePositiveRate: number, options: { fast?: boolean } = {}): number {
    return this.#detector.threshold(falsePositiveRate, options);
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
    return this.#detector.discoveryThreshold(scores, falseDiscoveryRate, options);
  }

  /** Why some rows, by their numbers from 0, got their scores. */
  explain(input: TableInput, rowNumbers: readonly number[]): Promise<readonly Explanation[]> {
    return withTable(input, (table) => this.#detector.explain(table, rowNumbers));
  }

  /** The training rows that are least likely to be normal, by falling score. */
  suspects(input: TableInput, count: number): Promise<Suspect[]> {
    return withTable(input, (table) => this.#detector.suspects(table, count));
  }

  /** Compares the scores with labels, beside simple methods. */
  evaluate(input: TableInput, options: EvaluateOptions): Promise<Evaluation> {
    return withTable(input, (table) => this.#detector.evaluate(table, options));
  }

  /** Ends the workers; a second call does nothing. */
  dispose(): Promise<void> {
    return this.#detector.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

async function withTable<Result>(
  input: TableInput,
  use: (table: Table) => Promise<Result>,
): Promise<Result> {
  if (typeof input !== 'string') return use(input);
  await using table = await openTable(input);
  return await use(table);
}
